// Who starts next, and why each of the others waits.
#include "orch/core/engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace orch {
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
  return task.state == TaskState::Waiting && task.doing == 0 && task.ending == Ending::None;
}

}  // namespace

void Engine::dispatch() {
  std::vector<TaskRecord*> waiting;
  for (TaskRecord& task : state_.tasks) {
    if (may_start(task)) waiting.push_back(&task);
  }
  const bool p0_first = barrier_of_p0();
  // A worker waits with its task for the next try; if something else is waited for, another task
  // gets it.
  for (TaskRecord* task : waiting) {
    if (!task->attempt.has_slot) continue;
    const std::string reason = reason_to_wait(*task, p0_first);
    if (!reason.empty() && reason != kDelayed) free_slot(*task);
  }
  // File order is kept among equals: the longest chain of work behind a task goes first.
  std::ranges::stable_sort(waiting, {}, [](const TaskRecord* task) {
    return std::tuple(task->plan.effective_priority, -task->plan.chain);
  });
  for (TaskRecord* task : waiting) {
    std::string reason = reason_to_wait(*task, p0_first);
    if (reason.empty()) {
      start(*task);
    } else if (reason != task->why) {
      task->why = std::move(reason);
      touch(*task);
    }
  }
}

std::string Engine::reason_to_wait(const TaskRecord& task, bool p0_first) const {
  if (!task.wanted) return std::string(why_unwanted(task));
  if (task.held) return "held";
  if (const std::vector<TaskId> unmet = unmet_needs(task); !unmet.empty()) {
    return "needs " + names(unmet);
  }
  if (state_.run.phase == RunPhase::TestingBase) return "the base is being tested";
  if (state_.run.phase != RunPhase::Running) return "the run is not going on";
  if (p0_first && task.plan.effective_priority != Priority::P0) return "P0 tasks go first";
  if (const TaskRecord* holder = holder_of_files(task)) {
    return "shares files with " + holder->id().value;
  }
  const std::string& kind = kind_of(task);
  if (const int limit = rules_of(kind).max_parallel; limit > 0) {
    const auto at_work = std::ranges::count_if(state_.tasks, [&](const TaskRecord& other) {
      return other.attempt.has_slot && other.attempt.agent == kind && &other != &task;
    });
    if (at_work >= limit) return fmt::format("{} {} agents are at work already", limit, kind);
  }
  if (task.not_before) return std::string(kDelayed);
  if (free_worker(task) == 0) {
    return fmt::format("all {} workers are busy", state_.run.rules.workers);
  }
  return {};
}

/// Is it only the others who are at work, or a delay, that it can wait for?
bool Engine::could_start(const TaskRecord& task) const {
  return may_start(task) && task.wanted && !task.held && unmet_needs(task).empty() &&
         holder_of_files(task) == nullptr;
}

std::vector<TaskId> Engine::unmet_needs(const TaskRecord& task) const {
  std::vector<TaskId> unmet;
  for (const TaskId& id : task.needs) {
    const TaskRecord* needed = state_.find(id);
    if (needed != nullptr && needed->state != TaskState::Merged) unmet.push_back(id);
  }
  return unmet;
}

// Files are kept from a task's start until it is merged or given up, also between two attempts.
const TaskRecord* Engine::holder_of_files(const TaskRecord& task) const {
  if (state_.run.rules.on_overlap == OnOverlap::Continue) return nullptr;
  for (const TaskId& id : task.overlaps) {
    const TaskRecord* other = state_.find(id);
    const bool holds = other != nullptr && (is_active(other->state) || other->attempt.has_slot);
    if (holds) return other;
  }
  return nullptr;
}

// A P0 holds the others back as long as it can move without a person. One that waits for another
// task need not be asked: that one is a P0 too.
bool Engine::barrier_of_p0() const {
  return std::ranges::any_of(state_.tasks, [this](const TaskRecord& task) {
    if (task.plan.effective_priority != Priority::P0 || !task.wanted || task.held) return false;
    if (task.state != TaskState::Waiting) return is_active(task.state);
    const TaskRecord* holder = holder_of_files(task);
    return unmet_needs(task).empty() && (holder == nullptr || !holder->held);
  });
}

int Engine::free_worker(const TaskRecord& task) const {
  const int workers = state_.run.rules.workers;
  if (task.attempt.has_slot && task.attempt.worker <= workers) return task.attempt.worker;
  std::vector<bool> taken(static_cast<std::size_t>(workers) + 1, false);
  int busy = 0;
  for (const TaskRecord& other : state_.tasks) {
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

void Engine::start(TaskRecord& task) {
  Attempt attempt;
  attempt.number = task.attempt.number + 1;
  attempt.worker = free_worker(task);
  attempt.has_slot = true;
  attempt.agent = kind_of(task);
  attempt.items = task.plan.spec.items;
  const bool fresh = attempt.number > 1 && !rules_of(attempt.agent).resumes;
  if (!fresh) {
    attempt.worktree = task.attempt.worktree;
    attempt.branch = task.attempt.branch;
    attempt.start = task.attempt.start;
  }
  task.attempt = std::move(attempt);
  task.not_before.reset();
  task.reported = task.work = {};
  task.progress = 0;
  ++state_.run.dispatched;
  enter(task, TaskState::Preparing, "its worktree is being made");
  emit_for(task, CreateWorktree{.task = task.id(),
                                .attempt = task.attempt.number,
                                .agent = task.attempt.agent,
                                .from = state_.run.integration,
                                .fresh = fresh,
                                .began = task.attempt.start});
}

}  // namespace orch
