// Who starts next, and why each of the others waits.
#include "core/dispatch.hpp"

#include "core/attempts.hpp"
#include "core/roster.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace orch::dispatch {
namespace {

// A person sees at most this many names of what a task waits for.
constexpr std::size_t kNamesShown = 3;
constexpr std::string_view kDelayed = "waits before it is tried again";

std::string names(const std::vector<TaskId>& ids) {
  std::string text;
  for (std::size_t i = 0; i < ids.size() && i < kNamesShown; ++i) {
    text += (i == 0 ? "" : ", ") + ids[i].value;
  }
  if (ids.size() > kNamesShown) text += fmt::format(" and {} more", ids.size() - kNamesShown);
  return text;
}

bool may_start(const TaskRecord& task) {
  return task.state == TaskState::Waiting && task.doing == 0;
}

std::vector<TaskId> unmet_needs(const State& state, const TaskRecord& task) {
  std::vector<TaskId> unmet;
  for (const TaskId& id : task.needs) {
    const TaskRecord* needed = state.find(id);
    if (needed != nullptr && needed->state != TaskState::Merged) unmet.push_back(id);
  }
  return unmet;
}

// Files are kept from a task's start until it is merged or given up, also between two attempts.
const TaskRecord* holder_of_files(const State& state, const TaskRecord& task) {
  if (state.run.rules.on_overlap == OnOverlap::Continue) return nullptr;
  for (const TaskId& id : task.overlaps) {
    const TaskRecord* other = state.find(id);
    const bool holds = other != nullptr && (is_active(other->state) || other->attempt.has_slot);
    if (holds) return other;
  }
  return nullptr;
}

// A P0 holds the others back as long as it can move without a person. One that waits for another
// task need not be asked: that one is a P0 too.
bool barrier_of_p0(const State& state) {
  return std::ranges::any_of(state.tasks, [&state](const TaskRecord& task) {
    if (task.plan.effective_priority != Priority::P0 || !task.wanted || task.held) return false;
    if (task.state != TaskState::Waiting) return is_active(task.state);
    const TaskRecord* holder = holder_of_files(state, task);
    return unmet_needs(state, task).empty() && (holder == nullptr || !holder->held);
  });
}

std::string reason_to_wait(const State& state, const TaskRecord& task, bool p0_first) {
  if (!task.wanted) return std::string(roster::why_unwanted(task));
  if (task.held) return "held";
  if (const std::vector<TaskId> unmet = unmet_needs(state, task); !unmet.empty())
    return "needs " + names(unmet);
  if (state.run.phase == RunPhase::TestingBase) return "the base is being tested";
  if (state.run.phase != RunPhase::Running) return "the run is not going on";
  if (p0_first && task.plan.effective_priority != Priority::P0) return "P0 tasks go first";
  if (const TaskRecord* holder = holder_of_files(state, task))
    return "shares files with " + holder->id().value;
  const std::string& kind = attempts::kind_of(state, task);
  if (const int limit = attempts::rules_of(state, kind).max_parallel; limit > 0) {
    const auto at_work = std::ranges::count_if(state.tasks, [&](const TaskRecord& other) {
      return other.attempt.has_slot && other.attempt.agent == kind && &other != &task;
    });
    if (at_work >= limit) return fmt::format("{} {} agents are at work already", limit, kind);
  }
  if (task.not_before) return std::string(kDelayed);
  if (free_worker(state, task) == 0)
    return fmt::format("all {} workers are busy", state.run.rules.workers);
  return {};
}

/// File order is kept among equals: the longest chain of work behind a task goes first.
std::vector<const TaskRecord*> in_line(const State& state) {
  std::vector<const TaskRecord*> waiting;
  for (const TaskRecord& task : state.tasks)
    if (may_start(task)) waiting.push_back(&task);
  std::ranges::stable_sort(waiting, {}, [](const TaskRecord* task) {
    return std::tuple(task->plan.effective_priority, -task->plan.chain);
  });
  return waiting;
}

}  // namespace

void start_what_can(Turn& turn) {
  const State& state = turn.state();
  const std::vector<const TaskRecord*> waiting = in_line(state);
  const bool p0_first = barrier_of_p0(state);
  // A worker waits with its task for the next try; if something else is waited for, another task
  // gets it.
  for (const TaskRecord* task : waiting) {
    if (!task->attempt.has_slot) continue;
    const std::string reason = reason_to_wait(state, *task, p0_first);
    if (!reason.empty() && reason != kDelayed) turn.edit(*task).attempt.has_slot = false;
  }
  for (const TaskRecord* task : waiting) {
    std::string reason = reason_to_wait(state, *task, p0_first);
    if (reason.empty()) {
      attempts::start(turn, turn.edit(*task), free_worker(state, *task));
    } else if (reason != task->why) {
      turn.edit(*task).why = std::move(reason);
    }
  }
}

bool could_start(const State& state, const TaskRecord& task) {
  return may_start(task) && task.wanted && !task.held && unmet_needs(state, task).empty() &&
         holder_of_files(state, task) == nullptr;
}

int free_worker(const State& state, const TaskRecord& task) {
  const int workers = state.run.rules.workers;
  if (task.attempt.has_slot && task.attempt.worker <= workers) return task.attempt.worker;
  std::vector<bool> taken(static_cast<std::size_t>(workers) + 1, false);
  int busy = 0;
  for (const TaskRecord& other : state.tasks) {
    if (!other.attempt.has_slot || &other == &task) continue;
    ++busy;
    const int worker = other.attempt.worker;
    if (worker <= workers) taken[static_cast<std::size_t>(worker)] = true;
  }
  if (busy >= workers) return 0;
  for (int worker = 1; worker <= workers; ++worker) {
    if (!taken[static_cast<std::size_t>(worker)]) return worker;
  }
  return 0;
}

}  // namespace orch::dispatch
