// Why a waiting task waits.
#include "orch/core/waiting.hpp"

#include "core/admission.hpp"
#include "core/attempts.hpp"
#include "core/delegation.hpp"
#include "core/healing.hpp"
#include "core/kinds.hpp"
#include "core/roster.hpp"
#include "core/routing.hpp"

#include <algorithm>
#include <vector>

namespace orch {
namespace {

Reason unmet_needs(const State& state, const TaskRecord& task) {
  Reason unmet{ReasonKind::NeedsTasks};
  for (const TaskId& id : task.needs) {
    const TaskRecord* needed = state.find(id);
    if (needed == nullptr || !is_left_to_user(state, *needed)) continue;
    Reason person = because_of(ReasonKind::NeedsPerson, roster::why_unwanted(*needed));
    person.names = {id.value};
    return person;
  }
  for (const TaskId& id : task.needs) {
    const TaskRecord* needed = state.find(id);
    if (needed != nullptr && needed->state != TaskState::Merged) unmet.names.push_back(id.value);
  }
  return unmet;
}

Reason held(const TaskRecord& task) {
  Reason reason{ReasonKind::Held};
  if (!task.held_by.value.empty()) reason.names = {task.held_by.value};
  return reason;
}

bool is_first_alone(const State& state, const std::string& kind) {
  const auto found = state.run.kinds.find(kind);
  const bool begun = found != state.run.kinds.end() && found->second.begun;
  return attempts::rules_of(state, kind).first_alone && !begun;
}

/// Is it the start of another one of its kind that it waits for, and not its own retry?
bool keeps_distance(const State& state, const TaskRecord& task) {
  return task.state == TaskState::Waiting && task.not_before &&
         task.not_before == kinds::next_start(state, routing::kind_for(state, task, {}));
}

}  // namespace

WaitingReasons::WaitingReasons(const State& state)
    : state_(state), no_room_(admission::why_not(state)), at_work_(delegation::lent(state)) {
  for (const TaskRecord& task : state.tasks) {
    p0_first_ = p0_first_ || holds_others_back(state, task);
    if (keeps_distance(state, task)) apart_.insert(routing::kind_for(state, task, {}));
    if (task.worker == 0) continue;
    ++busy_;
    ++at_work_[state.agent_of(task).kind];
  }
}

Reason WaitingReasons::of(const TaskRecord& task) const {
  const RunRecord& run = state_.run;
  if (!task.wanted) return roster::why_unwanted(task);
  if (task.held) return held(task);
  if (!needs_are_met(state_, task)) return unmet_needs(state_, task);
  if (run.phase == RunPhase::TestingBase) return {ReasonKind::BaseBeingTested};
  // Also of a run that is over: they are why it is, and the user can do something about them.
  if (const Reason* stopped = stop_of_kind(state_, task)) return *stopped;
  if (Reason limit = limit_reached(state_, task); !limit.empty()) return limit;
  if (run.phase != RunPhase::Running) return {ReasonKind::RunAtRest};
  const std::string& kind = routing::kind_for(state_, task, at_work_);
  if (const Reason* paused = healing::pause_of(state_, kind)) return *paused;
  if (p0_first_ && task.plan.effective_priority != Priority::P0) return {ReasonKind::P0First};
  if (const TaskRecord* holder = holder_of_files(state_, task))
    return {.kind = ReasonKind::SharesFiles, .names = {holder->id().value}};
  const int limit = most_of_kind(state_, kind);
  const auto same = at_work_.find(kind);
  const bool is_one = task.worker != 0 && state_.agent_of(task).kind == kind;
  const int others = (same == at_work_.end() ? 0 : same->second) - (is_one ? 1 : 0);
  if (limit > 0 && others >= limit && is_first_alone(state_, kind))
    return {.kind = ReasonKind::FirstOfKind, .text = kind};
  if (limit > 0 && others >= limit)
    return {.kind = ReasonKind::KindBusy, .text = kind, .number = limit};
  if (task.not_before && !keeps_distance(state_, task)) return {ReasonKind::RetryDelay};
  if (task.worker == 0 && busy_ >= run.rules.workers)
    return {.kind = ReasonKind::WorkersBusy, .number = run.rules.workers};
  if (!no_room_.empty()) return no_room_;
  if (apart_.contains(kind)) return {.kind = ReasonKind::StartsApart, .text = kind};
  return {};
}

Reason WaitingReasons::shown(const TaskRecord& task) const {
  if (const Reason* trouble = state_.pending.trouble_of(task.id())) return *trouble;
  if (task.why.empty() && has_concern(state_, task)) return state_.agent_of(task).health.concern;
  if (task.state != TaskState::Waiting) return task.why;
  Reason reason = of(task);
  return reason.empty() ? task.why : reason;
}

Reason shown_reason(const State& state) {
  const Reason* trouble = state.pending.trouble_of({});
  if (trouble != nullptr) return *trouble;
  const RunRecord& run = state.run;
  return run.why.empty() && !is_over(run.phase) ? run.memory_short : run.why;
}

// One that waits for another task need not be asked: that one is a P0 too.
bool holds_others_back(const State& state, const TaskRecord& task) {
  if (task.plan.effective_priority != Priority::P0 || !task.wanted || task.held) return false;
  const bool needs_user =
      stop_of_kind(state, task) != nullptr || !limit_reached(state, task).empty();
  if (needs_user && task.state == TaskState::Waiting) return false;
  if (task.state != TaskState::Waiting)
    return is_active(task.state) && !agent_waits_for_user(state, task);
  const TaskRecord* holder = holder_of_files(state, task);
  return needs_are_met(state, task) && (holder == nullptr || !holder->held);
}

/// Who has locked one of its files.
static const TaskRecord* holder_of_lock(const State& state, const TaskRecord& task) {
  for (const FileLock& lock : state.run.locks) {
    const bool is_its = std::ranges::any_of(task.plan.spec.files, [&lock](const std::string& file) {
      return files_meet(file, lock.path);
    });
    if (is_its && lock.task != task.id()) return state.find(lock.task);
  }
  return nullptr;
}

const TaskRecord* holder_of_files(const State& state, const TaskRecord& task) {
  if (const TaskRecord* holder = holder_of_lock(state, task)) return holder;
  if (state.run.rules.on_overlap == OnOverlap::Continue) return nullptr;
  for (const TaskId& id : task.overlaps) {
    const TaskRecord* other = state.find(id);
    const bool holds = other != nullptr && (is_active(other->state) || other->worker != 0);
    if (holds) return other;
  }
  return nullptr;
}

int most_of_kind(const State& state, const std::string& kind) {
  return is_first_alone(state, kind) ? 1 : attempts::rules_of(state, kind).max_parallel;
}

bool needs_are_met(const State& state, const TaskRecord& task) {
  return std::ranges::all_of(task.needs, [&state](const TaskId& id) {
    const TaskRecord* needed = state.find(id);
    return needed == nullptr || needed->state == TaskState::Merged;
  });
}

}  // namespace orch
