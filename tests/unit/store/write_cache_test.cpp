#include "store/write_cache.hpp"

#include "catch.hpp"
#include "orch/core/codec.hpp"
#include "unit/store/run_in_store.hpp"

#include <random>

using namespace orch;
using namespace orch::store;

namespace {

Decision decided(const std::set<TaskId>& tasks, const std::set<AgentRunId>& agents = {},
                 const std::set<MessageNumber>& messages = {}) {
  Decision decision;
  decision.changed = tasks;
  decision.changed_agents = agents;
  decision.changed_messages = messages;
  return decision;
}

}  // namespace

TEST_CASE("the hash kept by parts is the hash of the whole, whatever changes") {
  std::mt19937 dice(7);
  WriteCache write_cache;
  State state = full_state();
  for (int step = 0; step < 400; ++step) {
    std::set<TaskId> changed;
    std::set<AgentRunId> agents;
    std::set<MessageNumber> messages;
    Event event = ClockTicked{};
    switch (dice() % 11) {
      case 0: state.run.why.text += "x"; break;
      case 1: state.pending.add(100 + step, OutboxEntry{TickFile{TaskId{"B"}}, {}}); break;
      case 2:
        if (!state.pending.empty()) (void)state.pending.take(state.pending.begin()->first);
        break;
      case 3: {
        TaskRecord task;
        task.plan.spec = spec_of(fmt::format("N{}", step));
        std::vector<TaskRecord> more(state.tasks.begin(), state.tasks.end());
        more.insert(more.begin() + 1, task);
        state.tasks = std::move(more);
        changed.insert(task.id());
        event = TasksChanged{};
        break;
      }
      case 4: {
        std::vector<TaskRecord> other(state.tasks.begin(), state.tasks.end());
        std::swap(other.front(), other.back());
        state.tasks = std::move(other);
        event = TasksChanged{};
        break;
      }
      case 5: {
        const AgentRunId id = 5 + static_cast<AgentRunId>(dice() % 3);
        state.agents[id].id = id;
        state.agents[id].token += "x";
        agents.insert(id);
        break;
      }
      case 6: {
        const AgentRunId id = 5 + static_cast<AgentRunId>(dice() % 3);
        state.agents.erase(id);
        agents.insert(id);
        break;
      }
      case 7:
        state.messages.add({.number = step + 1, .id = "id", .to = party_of(TaskId{"B"})});
        messages.insert(step + 1);
        break;
      case 8:
        if (state.messages.size() == 0) break;
        messages.insert(state.messages.begin()->first);
        if (step % 2 == 0)
          state.messages.remove(state.messages.begin()->first);
        else
          state.messages.close(state.messages.begin()->first, MessageState::Started);
        break;
      default: {
        TaskRecord& task = state.tasks[dice() % state.tasks.size()];
        task.progress += 0.125;
        task.needs.push_back(TaskId{"N"});
        changed.insert(task.id());
      }
    }
    if (step % 50 == 49) write_cache = WriteCache();
    const Changes changes =
        write_cache.advance("r1", event, decided(changed, agents, messages), state);
    REQUIRE(changes.state_hash == state_hash(state));
  }
}

TEST_CASE("only what changed is written") {
  RunStarted start = start_of(1000);
  Engine engine;
  Decision decision = engine.handle(start, at_ms(0));
  WriteCache write_cache;
  const Changes first = write_cache.advance("r1", start, decision, engine.state());
  CHECK(first.whole);
  CHECK(first.tasks.size() == 1000);

  State state = engine.state();
  state.tasks[500].why = quoted("another");
  const Changes second = write_cache.advance(
      "r1", ClockTicked{}, decided({state.tasks[500].id(), state.tasks[501].id()}), state);
  CHECK_FALSE(second.whole);
  REQUIRE(second.tasks.size() == 1);
  CHECK(second.tasks[0].place == 500);
  CHECK_FALSE(second.tasks[0].needs_changed);
  CHECK(second.run.empty());
  CHECK(second.begun.empty());
  CHECK(second.ended.empty());
  CHECK(second.state_hash == state_hash(state));
}

TEST_CASE("the same tasks read again are not written again") {
  State state = full_state();
  WriteCache write_cache;
  CHECK(write_cache.advance("r1", RunResumed{}, Decision{}, state).whole);
  const Changes again = write_cache.advance("r1", RunResumed{}, decided({TaskId{"B"}}), state);
  CHECK_FALSE(again.whole);
  CHECK(again.tasks.empty());
  CHECK(write_cache.advance("r2", ClockTicked{}, Decision{}, state).whole);
}

TEST_CASE("a task that took another's place is written even if no task file was read") {
  State state = full_state();
  WriteCache write_cache;
  write_cache.advance("r1", ClockTicked{}, Decision{}, state);
  state.tasks[1].plan.spec.id = TaskId{"C"};
  const Changes changes = write_cache.advance("r1", ClockTicked{}, decided({TaskId{"C"}}), state);
  CHECK(changes.whole);
  CHECK(changes.state_hash == state_hash(state));
}
