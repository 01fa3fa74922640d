// Compares a state with what is stored of it.
#include "store/write_cache.hpp"

#include "orch/base/text.hpp"
#include "orch/core/codec.hpp"

#include <algorithm>

namespace orch::store {

namespace {

constexpr std::string_view kNul("\0", 1);

std::uint64_t needs_hash(const TaskRecord& task) {
  std::uint64_t hash = fnv1a("needs");
  for (const TaskId& need : task.needs) {
    hash = fnv1a(need.value, fnv1a(kNul, hash));
  }
  return hash;
}

bool brings_tasks(const Event& event) {
  return std::holds_alternative<RunStarted>(event) || std::holds_alternative<RunResumed>(event) ||
         std::holds_alternative<TasksChanged>(event);
}

}  // namespace

std::uint64_t part_hash(std::string_view kind, std::string_view key, std::string_view text) {
  std::uint64_t hash = fnv1a(kind);
  if (!key.empty()) hash = fnv1a(key, fnv1a(kNul, hash));
  return fnv1a(text, fnv1a(kNul, hash));
}

bool WriteCache::must_write_all(const std::string& run, const Event& event,
                                const std::set<TaskId>& changed, const State& after) const {
  if (run_ != run || tasks_.size() != after.tasks.size()) return true;
  const auto in_place = [&](const TaskId& id) {
    const auto known = tasks_.find(id);
    if (known == tasks_.end()) return false;
    return after.tasks[static_cast<std::size_t>(known->second.place)].id() == id;
  };
  if (!std::ranges::all_of(changed, in_place)) return true;
  // Only these can move tasks about without naming them; the others need not look at all of them.
  return brings_tasks(event) && !std::ranges::all_of(after.tasks, in_place, &TaskRecord::id);
}

Changes WriteCache::advance(const std::string& run, const Event& event, const Decision& decision,
                            const State& after) {
  Changes changes;
  changes.whole = must_write_all(run, event, decision.changed, after);
  if (changes.whole) {
    *this = WriteCache();
    run_ = run;
  }
  add_run(after.run, changes);
  add_rules(after.run.rules, changes);
  if (changes.whole) {
    for (const TaskRecord& task : after.tasks)
      add_task(task, after, static_cast<std::int64_t>(tasks_.size()), changes);
    for (const auto& [id, agent] : after.agents)
      add_agent(id, after, changes);
    for (const auto& [number, message] : after.messages)
      add_message(number, after, changes);
  } else {
    for (const TaskId& id : decision.changed) {
      const std::int64_t place = tasks_.at(id).place;
      add_task(after.tasks[static_cast<std::size_t>(place)], after, place, changes);
    }
    for (const AgentRunId id : decision.changed_agents)
      add_agent(id, after, changes);
    for (const MessageNumber number : decision.changed_messages)
      add_message(number, after, changes);
  }
  add_effects(after.pending, changes);
  add_stages(decision, after, changes);
  changes.state_hash = state_hash_;
  return changes;
}

void WriteCache::add_run(const RunRecord& run, Changes& changes) {
  std::string text = encode(run);
  const std::uint64_t hash = part_hash("run", {}, text);
  if (hash == run_hash_) return;
  state_hash_ ^= run_hash_ ^ hash;
  run_hash_ = hash;
  changes.run = std::move(text);
}

void WriteCache::add_rules(const Rules& rules, Changes& changes) {
  if (rules_ == rules) return;
  rules_ = rules;
  changes.rules = encode(rules);
  const std::uint64_t hash = part_hash("rules", {}, changes.rules);
  state_hash_ ^= rules_hash_ ^ hash;
  rules_hash_ = hash;
}

void WriteCache::add_task(const TaskRecord& task, const State& after, std::int64_t place,
                          Changes& changes) {
  Known& known = tasks_[task.id()];
  TaskChange change{&task, &after.agent_of(task), place, encode(task), false};
  const std::uint64_t hash = part_hash("task", task.id().value, change.text);
  if (hash == known.hash) return;
  const std::uint64_t needs = needs_hash(task);
  change.needs_changed = needs != known.needs;
  state_hash_ ^= known.hash ^ hash;
  known.place = place;
  known.hash = hash;
  known.needs = needs;
  changes.tasks.push_back(std::move(change));
}

void WriteCache::add_agent(AgentRunId id, const State& after, Changes& changes) {
  const auto found = after.agents.find(id);
  if (found == after.agents.end()) {
    const auto known = agents_.find(id);
    if (known == agents_.end()) return;  // given and taken away by the same event
    state_hash_ ^= known->second;
    agents_.erase(known);
    changes.agents_gone.push_back(id);
    return;
  }
  AgentChange change{&found->second, after.find(found->second.task), encode(found->second)};
  const std::uint64_t hash = part_hash("agent", std::to_string(id), change.text);
  std::uint64_t& known = agents_[id];
  if (known == hash) return;
  state_hash_ ^= known ^ hash;
  known = hash;
  changes.agents.push_back(std::move(change));
}

void WriteCache::add_message(MessageNumber number, const State& after, Changes& changes) {
  const Message* message = after.messages.find(number);
  if (message == nullptr) {
    const auto known = messages_.find(number);
    if (known == messages_.end()) return;
    state_hash_ ^= known->second;
    messages_.erase(known);
    changes.messages_gone.push_back(number);
    return;
  }
  MessageChange change{message, encode(*message)};
  const std::uint64_t hash = part_hash("message", std::to_string(number), change.text);
  std::uint64_t& known = messages_[number];
  if (known == hash) return;
  state_hash_ ^= known ^ hash;
  known = hash;
  changes.messages.push_back(std::move(change));
}

void WriteCache::add_effects(const PendingEffects& pending, Changes& changes) {
  for (auto known = effects_.begin(); known != effects_.end();) {
    if (pending.contains(known->first)) {
      ++known;
      continue;
    }
    state_hash_ ^= known->second.hash;
    changes.ended.push_back(known->first);
    known = effects_.erase(known);
  }
  for (const auto& [id, entry] : pending) {
    const auto [known, is_new] = effects_.try_emplace(id);
    if (!is_new && known->second.retry == entry.retry) continue;
    EffectBegun begun{id, &entry.effect, encode(entry)};
    const std::uint64_t hash = part_hash("effect", std::to_string(id), begun.text);
    state_hash_ ^= known->second.hash ^ hash;
    known->second = {entry.retry, hash};
    changes.begun.push_back(std::move(begun));
  }
}

void WriteCache::add_stage(const TaskRecord& task, const State& after, Changes& changes) {
  StageChange now{task.id(), stage_of(after, task), task.worker};
  StageChange& known = tasks_[task.id()].stage;
  if (known == now) return;
  known = now;
  changes.stages.push_back(std::move(now));
}

// A landing is a part of the run's record: the task that it is of need not have changed.
void WriteCache::add_stages(const Decision& decision, const State& after, Changes& changes) {
  if (changes.whole) {
    for (const TaskRecord& task : after.tasks)
      add_stage(task, after, changes);
    return;
  }
  std::set<TaskId> moved = decision.changed;
  for (const AgentRunId id : decision.changed_agents) {
    const auto agent = after.agents.find(id);
    if (agent != after.agents.end()) moved.insert(agent->second.task);
  }
  for (const LandingTransition& step : decision.landing_transitions)
    moved.insert(step.task);
  for (const TaskId& id : moved) {
    if (const TaskRecord* task = after.find(id)) add_stage(*task, after, changes);
  }
}

}  // namespace orch::store
