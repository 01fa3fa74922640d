// Keeps what decisions name, and reads it back from text as a new process would.
#include "sim/ledger.hpp"

#include "orch/core/codec.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orch::sim {
namespace {

// Text for a whole state costs as much as twenty events. Each restart reads it back, too.
constexpr std::size_t kReadBackEvery = 60;

}  // namespace

void Ledger::complain(std::string what) {
  if (complaint_.empty()) complaint_ = std::move(what);
}

void Ledger::commit(const Event& event, const Decision& decision, const State& after, Time now) {
  state_.run = after.run;
  for (const TaskId& id : decision.changed) {
    const auto live = std::ranges::find(after.tasks, id, &TaskRecord::id);
    if (live == after.tasks.end()) return complain("a task that is not there has changed");
    places_[id] = live - after.tasks.begin();
    if (TaskRecord* known = state_.find(id)) {
      *known = *live;
    } else {
      state_.tasks.push_back(*live);
    }
  }
  // Never within the records, which know where each of them is.
  const auto place = [this](const TaskRecord& task) { return places_[task.id()]; };
  if (!std::ranges::is_sorted(state_.tasks, {}, place)) {
    std::vector<TaskRecord> tasks(state_.tasks.begin(), state_.tasks.end());
    std::ranges::stable_sort(tasks, {}, place);
    state_.tasks = TaskRecords(std::move(tasks));
  }
  for (const AgentRunId id : decision.changed_agents) {
    const auto live = after.agents.find(id);
    if (live == after.agents.end()) {
      state_.agents.erase(id);
    } else {
      state_.agents.insert_or_assign(id, live->second);
    }
  }
  for (const MessageNumber number : decision.changed_messages) {
    state_.messages.remove(number);
    if (const Message* live = after.messages.find(number)) state_.messages.add(*live);
  }
  state_.pending = after.pending;
  if (!decode_facts(encode(decision.facts))) complain("facts cannot be read back");
  Row row{encode(event), now, {}};
  if (trace_.size() % kReadBackEvery == 0) {
    row.state_hash = state_hash(after);
    if (*row.state_hash != state_hash(read_back())) complain("what is stored has another hash");
  }
  trace_.push_back(std::move(row));
}

template <class T>
T Ledger::read(const Result<T>& record) {
  if (!record) complain(record.error().what);
  return record.value_or(T{});
}

State Ledger::read_back() {
  State state;
  state.run = read(decode_run(encode(state_.run)));
  state.run.rules = read(decode_rules(encode(state_.run.rules)));
  for (const TaskRecord& task : state_.tasks)
    state.tasks.push_back(read(decode_task(encode(task))));
  for (const auto& [id, agent] : state_.agents)
    state.agents.emplace(id, read(decode_agent(encode(agent))));
  for (const auto& [number, message] : state_.messages)
    state.messages.add(read(decode_message(encode(message))));
  for (const auto& [id, entry] : state_.pending)
    state.pending.add(id, read(decode_entry(encode(entry))));
  if (!(state == state_)) complain("a record says something else when it is read back");
  return state;
}

std::string Ledger::difference_from(const State& live) const {
  if (!complaint_.empty()) return complaint_;
  if (!(state_.run == live.run)) return "the stored run is another";
  if (state_.pending != live.pending) return "the stored outbox is another";
  if (state_.agents != live.agents) return "a stored agent is another";
  if (!(state_.messages == live.messages)) return "a stored message is another";
  if (state_.tasks.size() != live.tasks.size()) return "not all tasks are stored";
  for (std::size_t i = 0; i < live.tasks.size(); ++i) {
    if (state_.tasks[i] == live.tasks[i]) continue;
    return fmt::format("the stored task {} is another: {}\n  live {}", live.tasks[i].id().value,
                       encode(state_.tasks[i]), encode(live.tasks[i]));
  }
  return {};
}

std::string Ledger::replay() const {
  Engine engine;
  std::size_t count = 0;
  for (const Row& row : trace_) {
    ++count;
    const Result<Event> event = decode_event(row.event);
    if (!event) return event.error().what;
    engine.handle(*event, row.at);
    if (row.state_hash && *row.state_hash != state_hash(engine.state())) {
      return fmt::format("the replay is in another state after event {}", count);
    }
  }
  return state_hash(engine.state()) == state_hash(state_) ? "" : "the replay ends in another state";
}

}  // namespace orch::sim
