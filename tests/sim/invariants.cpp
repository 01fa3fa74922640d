// What must hold after every event.
#include "sim/invariants.hpp"

#include "orch/core/plan.hpp"
#include "ui/sentences.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orch::sim {
namespace {

bool is_landing_step(const Effect& effect) {
  return std::holds_alternative<PrepareLanding>(effect) ||
         std::holds_alternative<TestLanding>(effect) || std::holds_alternative<Land>(effect);
}

/// nullptr: it has no turn, or has to wait before it is tried again.
const Landing* landing_of(const State& state, const TaskId& task) {
  const auto& landings = state.run.landings;
  const auto found = std::ranges::find(landings, task, &Landing::task);
  const bool has_turn = found != landings.end() && found->state != LandingState::Waiting;
  return has_turn ? &*found : nullptr;
}

/// On its way back to its agent.
bool is_returning(const State& state, const TaskId& task) {
  const OutboxEntry* entry = state.pending.in(task, Lane::Worktree);
  return entry != nullptr && std::holds_alternative<ReturnWork>(entry->effect);
}

bool ended_a_landing(const State& before, const Event& event) {
  const auto* ended = std::get_if<EffectEnded>(&event);
  if (ended == nullptr) return false;
  const auto found = before.pending.find(ended->effect);
  return found != before.pending.end() && std::holds_alternative<Land>(found->second.effect);
}

TaskState state_before(const State& before, const TaskId& id) {
  const TaskRecord* task = before.find(id);
  return task == nullptr ? TaskState::Waiting : task->state;
}

}  // namespace

bool is_starting(const State& state, const TaskId& task) {
  return std::ranges::any_of(state.pending, [&task](const auto& pending) {
    const auto* start = std::get_if<StartAgent>(&pending.second.effect);
    return start != nullptr && start->task == task;
  });
}

std::string Invariants::check(const State& before, const Event& event, const Decision& decision,
                              const Engine& engine, Time now) {
  const State& state = engine.state();
  for (std::string broken :
       {check_steps(before, decision, state), check_effects(state), check_healing(state, decision),
        check_workers(before, state), check_landing(before, event, decision, state),
        check_starts(before, decision, state), check_ends(before, state),
        check_run(before, event, engine, now)}) {
    if (!broken.empty()) return broken;
  }
  return {};
}

/// Every step is one of the table's, and together they lead from what was to what is.
std::string Invariants::check_steps(const State& before, const Decision& decision,
                                    const State& state) {
  std::map<TaskId, TaskState> at;
  for (const TaskRecord& task : before.tasks)
    at[task.id()] = task.state;
  for (const Transition& taken : decision.transitions) {
    const auto from = at.try_emplace(taken.task, TaskState::Waiting).first;
    const bool fits = from->second == taken.from && next_state(taken.from, taken.step) == taken.to;
    if (!fits) {
      return fmt::format("{} takes the step {} from {} to {}, and was {}", taken.task.value,
                         to_text(taken.step), to_text(taken.from), to_text(taken.to),
                         to_text(from->second));
    }
    from->second = taken.to;
    ++steps_[{taken.from, taken.step}];
  }
  for (const TaskRecord& task : state.tasks) {
    const auto found = at.find(task.id());
    if (found != at.end() && found->second != task.state)
      return fmt::format("{} is {} without a step", task.id().value, to_text(task.state));
  }
  for (const AgentTransition& taken : decision.agent_transitions) {
    if (next_phase(taken.from, taken.step) != taken.to)
      return fmt::format("an agent takes the step {} from {}", to_text(taken.step),
                         to_text(taken.from));
    ++agent_steps_[{taken.from, taken.step}];
  }
  for (const LandingTransition& taken : decision.landing_transitions) {
    if (next_state(taken.from, taken.step) != taken.to)
      return fmt::format("a landing takes the step {} from {}", to_text(taken.step),
                         to_text(taken.from));
    ++landing_steps_[{taken.from, taken.step}];
  }
  for (const auto& [id, agent] : state.agents) {
    const TaskRecord* task = state.find(agent.task);
    if (task == nullptr || task->agent != id) return "an agent is no task's";
  }
  for (const Fact& fact : decision.facts)
    if (std::string text = ui::sentence(fact); text.find("mistake") != std::string::npos)
      return text;
  return {};
}

std::string Invariants::check_effects(const State& state) const {
  std::set<std::string_view> of_the_run;
  for (const auto& [id, entry] : state.pending) {
    const Effect& effect = entry.effect;
    const TaskId& owner = task_of(effect);
    if (owner.value.empty()) {
      const std::string_view kind = is_landing_step(effect) ? "landing" : name_of(effect);
      if (of_the_run.insert(kind).second) continue;
      return fmt::format("two effects of the kind {} at once", kind);
    }
    if (state.find(owner) == nullptr) return fmt::format("{} is for no task", name_of(effect));
    const bool alone = std::ranges::none_of(state.pending, [&](const auto& other) {
      return other.first != id && task_of(other.second.effect) == owner &&
             exclude_each_other(lane_of(other.second.effect), lane_of(effect));
    });
    if (!alone)
      return fmt::format("{} is in flight for {} beside another", name_of(effect), owner.value);
  }
  return {};
}

/// Nothing is done for ever by itself, and of a kind that is paused nobody is told but the one that
/// tries.
std::string Invariants::check_healing(const State& state, const Decision& decision) const {
  const Rules& rules = state.run.rules;
  for (const auto& [id, agent] : state.agents) {
    if (agent.continues > static_cast<int>(rules.continue_after.size()))
      return fmt::format("{} was told to continue {} times", agent.task.value, agent.continues);
    if (agent.interrupts > kInterrupts)
      return fmt::format("{} was interrupted {} times", agent.task.value, agent.interrupts);
  }
  for (const Fact& fact : decision.facts) {
    if (fact.kind != FactKind::TaskContinued) continue;
    const AgentRun& agent = state.agent_of(*state.find(fact.task));
    const auto kind = state.run.kinds.find(agent.kind);
    const bool is_paused = kind != state.run.kinds.end() && kind->second.paused_until;
    if (is_paused && kind->second.probe != fact.task)
      return fmt::format("{} is told to continue while its kind is paused", fact.task.value);
  }
  return {};
}

std::string Invariants::check_workers(const State& before, const State& state) const {
  if (const TaskRecord* task = state.coordinator(); task != nullptr) {
    const bool is_apart = task->worker == 0 && task->work.empty() && task->merged.empty() &&
                          task->state != TaskState::Merged;
    if (!is_apart) return "who coordinates is taken for a worker";
  }
  const auto holds_slot = [](const TaskRecord& task) { return task.worker != 0; };
  const auto slots = std::ranges::count_if(state.tasks, holds_slot);
  const auto slots_before = std::ranges::count_if(before.tasks, holds_slot);
  if (slots > state.run.rules.workers && slots > slots_before) {
    return fmt::format("{} of {} workers are at work", slots, state.run.rules.workers);
  }
  std::set<int> workers;
  for (const TaskRecord& task : state.tasks) {
    if (task.worker == 0) continue;
    const bool at_work = task.state == TaskState::Waiting || task.state == TaskState::Preparing ||
                         task.state == TaskState::Running || is_ending(task.state);
    if (!at_work) {
      return fmt::format("{} is {} and keeps its worker", task.id().value, to_text(task.state));
    }
    if (task.worker < 1 || !workers.insert(task.worker).second) {
      return fmt::format("worker {} is there twice", task.worker);
    }
  }
  return {};
}

std::string Invariants::check_landing(const State& before, const Event& event,
                                      const Decision& decision, const State& state) const {
  for (const auto& [id, effect] : decision.effects) {
    if (!is_landing_step(effect)) continue;
    const TaskRecord* task = state.find(task_of(effect));
    const bool may = state.run.phase == RunPhase::Running && (task == nullptr || !task->held);
    if (!may) return fmt::format("{} goes on although it may not", name_of(effect));
    if (std::holds_alternative<Land>(effect) && !decision.durable)
      return "a landing is not durable";
  }
  const bool begins = std::holds_alternative<RunStarted>(event);
  if (state.run.integration != before.run.integration && !begins &&
      !ended_a_landing(before, event)) {
    return "the integration branch moved without a landing";
  }
  for (const TaskRecord& task : state.tasks) {
    const bool has_turn = landing_of(state, task.id()) != nullptr;
    if (task.state == TaskState::Landing && !has_turn && !is_returning(state, task.id())) {
      return fmt::format("{} lands although it is not its turn", task.id().value);
    }
  }
  return check_train(state);
}

/// One at a time is merged and one lands, not more are tested than may, and nobody waits for
/// nothing.
std::string Invariants::check_train(const State& state) {
  std::map<std::string_view, int> busy;
  for (const auto& [id, entry] : state.pending)
    if (is_landing_step(entry.effect) && !entry.retry.not_before) ++busy[name_of(entry.effect)];
  if (busy["prepare_landing"] > 1) return "two are merged at once";
  if (busy["land"] > 1) return "two land at once";
  if (busy["test_landing"] > state.run.rules.parallel) return "too many are tested at once";
  const int all = busy["prepare_landing"] + busy["land"] + busy["test_landing"];
  const auto under_way = std::ranges::count_if(state.run.landings, [](const Landing& landing) {
    return landing.state != LandingState::Waiting;
  });
  // Behind one that is sure to land the next may be merged.
  const bool is_sure = !state.run.rules.tested && busy["land"] == 1;
  if (state.run.rules.parallel == 1 && under_way > (is_sure ? 2 : 1))
    return "two land although it is one at a time";
  if (under_way > 0 && all == 0) return "landings are under way, and nothing is done";
  return {};
}

/// A kind that is stopped starts nobody, and one whose first agent is to be alone no second.
std::string Invariants::check_kind(const State& before, const State& state,
                                   const TaskRecord& task) const {
  const std::string& kind = state.agent_of(task).kind;
  if (stop_of_kind(state, task) != nullptr)
    return fmt::format("{} starts although {} agents are stopped", task.id().value, kind);
  const auto rules = state.run.rules.agents.find(kind);
  if (rules == state.run.rules.agents.end()) return {};
  const auto known = state.run.kinds.find(kind);
  const bool begun = known != state.run.kinds.end() && known->second.begun;
  const auto others = std::ranges::count_if(state.tasks, [&](const TaskRecord& other) {
    return other.worker != 0 && other.id() != task.id() && state.agent_of(other).kind == kind;
  });
  if (rules->second.first_alone && !begun && others > 0)
    return fmt::format("{} starts beside the first {} agent", task.id().value, kind);
  const auto was = before.run.kinds.find(kind);
  if (was == before.run.kinds.end() || !was->second.started || known == state.run.kinds.end())
    return {};
  const bool apart = *known->second.started - *was->second.started >= rules->second.start_gap;
  return apart ? "" : fmt::format("{} starts too soon after another one", task.id().value);
}

/// Nobody goes on with a conversation that is why an attempt failed, or with another task's.
std::string Invariants::check_session(const State& before, const State& state,
                                      const TaskRecord& task) const {
  const std::string& offered = state.agent_of(task).offered;
  if (offered.empty()) return {};
  const TaskRecord* was = before.find(task.id());
  if (was != nullptr && before.agent_of(*was).spoilt != Spoilt::No)
    return fmt::format("{} goes on with a conversation that is spoilt", task.id().value);
  const bool is_of_another =
      offered.find('-') != std::string::npos && !offered.starts_with(task.id().value + '-');
  return is_of_another ? fmt::format("{} goes on with {}", task.id().value, offered) : "";
}

std::string Invariants::check_starts(const State& before, const Decision& decision,
                                     const State& state) {
  for (const auto& [id, effect] : decision.effects) {
    // What is tried again was looked at when it was begun first.
    if (!begun_.insert(id).second) continue;
    if (const auto* agent = std::get_if<StartAgent>(&effect)) {
      if (!started_.emplace(agent->task, agent->attempt).second) {
        return fmt::format("{}/{} is started twice", agent->task.value, agent->attempt);
      }
    }
    const auto* start = std::get_if<CreateWorktree>(&effect);
    if (start == nullptr) continue;
    const TaskRecord& task = *state.find(start->task);
    if (std::string broken = check_session(before, state, task); !broken.empty()) return broken;
    if (state.run.phase != RunPhase::Running) return "a task starts although the run does not run";
    if (std::string broken = check_kind(before, state, task); !broken.empty()) return broken;
    if (!limit_reached(state, task).empty())
      return fmt::format("{} starts although it has used what it may", task.id().value);
    const bool beside = std::ranges::any_of(state.tasks, [&task](const TaskRecord& other) {
      return other.worker != 0 && other.state != TaskState::Waiting && other.id() != task.id();
    });
    if (beside && !state.run.memory_short.empty())
      return fmt::format("{} starts beside others while memory is short", task.id().value);
    needs_at_start_[task.id()] = task.needs;
    for (const TaskId& need : task.needs) {
      if (state.find(need)->state != TaskState::Merged) {
        return fmt::format("{} starts before {} is merged", task.id().value, need.value);
      }
    }
    for (const TaskId& other : task.overlaps) {
      const TaskRecord& holder = *state.find(other);
      const bool shared = state.run.rules.on_overlap == OnOverlap::Sequential &&
                          (is_active(holder.state) || holder.worker != 0);
      if (shared) return fmt::format("{} shares files with {}", task.id().value, other.value);
    }
    if (task.held || !task.wanted) return fmt::format("{} starts unasked", task.id().value);
    // Who coordinates takes no worker, and what is delegated works in the place of who waits for
    // it.
    if (task.plan.effective_priority == Priority::P0 || task.worker == 0) continue;
    for (const TaskRecord& other : state.tasks) {
      const bool first = other.plan.effective_priority == Priority::P0 && other.wanted &&
                         !other.held && is_active(other.state) &&
                         !agent_waits_for_user(state, other);
      if (first) return fmt::format("{} starts before {}", task.id().value, other.id().value);
    }
  }
  for (const TaskRecord& task : state.tasks) {
    if (task.state != TaskState::Merged) continue;
    if (state_before(before, task.id()) != TaskState::Landing) continue;
    for (const TaskId& need : needs_at_start_[task.id()]) {
      const TaskRecord& needed = *state.find(need);
      if (needed.state == TaskState::Merged || !needed.undone.empty()) continue;
      return fmt::format("{} is merged before {}", task.id().value, need.value);
    }
  }
  return {};
}

std::string Invariants::check_ends(const State& before, const State& state) const {
  for (const TaskRecord& task : state.tasks) {
    const TaskState was = state_before(before, task.id());
    if (was == TaskState::Merged && task.state != TaskState::Merged && !is_taken_back(task)) {
      return fmt::format("{} was merged and is {}", task.id().value, to_text(task.state));
    }
    const bool over = is_final(task.state) && task.state != TaskState::Merged;
    if (over && state.agent_of(task).is_alive()) {
      return fmt::format("{} is {} and its agent lives", task.id().value, to_text(task.state));
    }
    if (over && state.agent_of(task).busy_since) {
      return fmt::format("{} is {} and its clock runs", task.id().value, to_text(task.state));
    }
    const bool idle_step = (task.state == TaskState::Preparing ||
                            task.state == TaskState::Checking || task.state == TaskState::Landing ||
                            task.state == TaskState::PartLanded || is_ending(task.state)) &&
                           state.pending.is_idle(task.id()) &&
                           landing_of(state, task.id()) == nullptr;
    if (idle_step) {
      return fmt::format("{} is {} and nothing is done", task.id().value, to_text(task.state));
    }
    const bool starts = !state.pending.is_free(task.id(), Lane::Agent);
    if (task.state == TaskState::Running && !state.agent_of(task).is_alive() && !starts) {
      return fmt::format("{} is running without an agent", task.id().value);
    }
  }
  return {};
}

std::string Invariants::check_run(const State& before, const Event& event, const Engine& engine,
                                  Time now) const {
  const State& state = engine.state();
  const RunPhase phase = state.run.phase;
  const bool finishes = phase == RunPhase::Finished && before.run.phase != phase;
  const bool only_tidying = std::ranges::all_of(state.pending, [](const auto& pending) {
    return std::holds_alternative<CleanUp>(pending.second.effect) ||
           std::holds_alternative<TickFile>(pending.second.effect);
  });
  if (finishes && !only_tidying) return "finished with things to do";
  for (const TaskRecord& task : state.tasks) {
    if (phase == RunPhase::Stopped && !state.run.keep_agents && state.agent_of(task).is_alive() &&
        state.pending.is_free(task.id(), Lane::Agent)) {
      return fmt::format("stopped, and the agent of {} lives", task.id().value);
    }
  }
  const std::optional<Time> wake = engine.next_wake();
  if (std::holds_alternative<ClockTicked>(event) && wake && *wake <= now) {
    return "asks to be woken at a time that is over: the clock would never stand still";
  }
  return {};
}

static bool waits_for_lock(const State& state, const TaskRecord& task) {
  return std::ranges::any_of(state.run.locks, [&](const FileLock& lock) {
    const TaskRecord* other = state.find(lock.task);
    const bool waits_for_user = other->held || other->state == TaskState::Blocked;
    const auto& files = task.plan.spec.files;
    return lock.task != task.id() && waits_for_user &&
           std::ranges::any_of(files,
                               [&](const auto& file) { return files_meet(file, lock.path); });
  });
}

std::string Invariants::stuck_task(const State& state) {
  for (const TaskRecord& task : state.tasks) {
    if (is_final(task.state) || task.state == TaskState::Blocked || task.held || !task.counts()) {
      continue;
    }
    const bool waits_for_need = std::ranges::any_of(
        task.needs, [&](const TaskId& id) { return state.find(id)->state != TaskState::Merged; });
    const bool waits_for_files = std::ranges::any_of(task.overlaps, [&](const TaskId& id) {
      const TaskRecord* other = state.find(id);
      return other->held && is_active(other->state);
    });
    // The user may hold an agent that does nothing, and nothing ends it then.
    const bool waits_for_worker = std::ranges::any_of(state.tasks, [](const TaskRecord& other) {
      return other.held && other.worker != 0 && other.state == TaskState::Running;
    });
    const bool may_wait = waits_for_need || waits_for_files || waits_for_worker ||
                          waits_for_lock(state, task) || stop_of_kind(state, task) != nullptr ||
                          !limit_reached(state, task).empty();
    if (task.state == TaskState::Waiting && may_wait) continue;
    return fmt::format("{} is {} ({}) and nobody moves it", task.id().value, to_text(task.state),
                       ui::sentence(task.why));
  }
  return {};
}

}  // namespace orch::sim
