// Why a waiting task waits.
#include "orch/core/waiting.hpp"

#include "core/attempts.hpp"
#include "core/roster.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace orch {
namespace {

// A person sees at most this many names of what a task waits for.
constexpr std::size_t kNamesShown = 3;

std::vector<TaskId> unmet_needs(const State& state, const TaskRecord& task) {
  std::vector<TaskId> unmet;
  for (const TaskId& id : task.needs) {
    const TaskRecord* needed = state.find(id);
    if (needed != nullptr && needed->state != TaskState::Merged) unmet.push_back(id);
  }
  return unmet;
}

std::string names(const std::vector<TaskId>& ids) {
  std::string text;
  for (std::size_t i = 0; i < ids.size() && i < kNamesShown; ++i) {
    text += (i == 0 ? "" : ", ") + ids[i].value;
  }
  if (ids.size() > kNamesShown) text += fmt::format(" and {} more", ids.size() - kNamesShown);
  return text;
}

}  // namespace

WaitingReasons::WaitingReasons(const State& state) : state_(state) {
  for (const TaskRecord& task : state.tasks) {
    p0_first_ = p0_first_ || holds_others_back(state, task);
    if (task.worker == 0) continue;
    ++busy_;
    ++at_work_[state.agent_of(task).kind];
  }
}

std::string WaitingReasons::of(const TaskRecord& task) const {
  const RunRecord& run = state_.run;
  if (!task.wanted) return std::string(roster::why_unwanted(task));
  if (task.held) return "held";
  if (!needs_are_met(state_, task)) return "needs " + names(unmet_needs(state_, task));
  if (run.phase == RunPhase::TestingBase) return "the base is being tested";
  if (run.phase != RunPhase::Running) return "the run is not going on";
  if (p0_first_ && task.plan.effective_priority != Priority::P0) return "P0 tasks go first";
  if (const TaskRecord* holder = holder_of_files(state_, task))
    return "shares files with " + holder->id().value;
  const std::string& kind = attempts::kind_of(state_, task);
  const int limit = attempts::rules_of(state_, kind).max_parallel;
  const auto same = at_work_.find(kind);
  const bool is_one = task.worker != 0 && state_.agent_of(task).kind == kind;
  const int others = (same == at_work_.end() ? 0 : same->second) - (is_one ? 1 : 0);
  if (limit > 0 && others >= limit)
    return fmt::format("{} {} agents are at work already", limit, kind);
  if (task.not_before) return "waits before it is tried again";
  if (task.worker == 0 && busy_ >= run.rules.workers)
    return fmt::format("all {} workers are busy", run.rules.workers);
  return {};
}

std::string WaitingReasons::shown(const TaskRecord& task) const {
  if (task.state != TaskState::Waiting) return task.why;
  std::string reason = of(task);
  return reason.empty() ? task.why : reason;
}

// One that waits for another task need not be asked: that one is a P0 too.
bool holds_others_back(const State& state, const TaskRecord& task) {
  if (task.plan.effective_priority != Priority::P0 || !task.wanted || task.held) return false;
  if (task.state != TaskState::Waiting) return is_active(task.state);
  const TaskRecord* holder = holder_of_files(state, task);
  return needs_are_met(state, task) && (holder == nullptr || !holder->held);
}

const TaskRecord* holder_of_files(const State& state, const TaskRecord& task) {
  if (state.run.rules.on_overlap == OnOverlap::Continue) return nullptr;
  for (const TaskId& id : task.overlaps) {
    const TaskRecord* other = state.find(id);
    const bool holds = other != nullptr && (is_active(other->state) || other->worker != 0);
    if (holds) return other;
  }
  return nullptr;
}

bool needs_are_met(const State& state, const TaskRecord& task) {
  return std::ranges::all_of(task.needs, [&state](const TaskId& id) {
    const TaskRecord* needed = state.find(id);
    return needed == nullptr || needed->state == TaskState::Merged;
  });
}

}  // namespace orch
