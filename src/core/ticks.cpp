// The marks of merged tasks: written once, again when something undid them or was in the way, and
// never against the user.
#include "orch/core/engine.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orch {
namespace {

/// By this run or an earlier one, not by the user's own mark.
bool is_landed(const TaskRecord& task) {
  return task.state == TaskState::Merged && !task.merged.empty();
}

}  // namespace

bool Engine::owes_tick(const TaskRecord& task) const {
  return state_.run.rules.write_back && task.tick == Tick::Due && !task.merged.empty();
}

void Engine::see_to_ticks() {
  for (TaskRecord& task : state_.tasks) {
    const bool idle = task.doing == 0 && task.cleaned && task.state == TaskState::Merged;
    if (idle && owes_tick(task)) emit_for(task, TickFile{task.id()});
  }
}

void Engine::on_ticked(TaskRecord& task, const Outcome& outcome) {
  const auto* failure = std::get_if<NotDone>(&outcome);
  task.tick = failure == nullptr ? Tick::Written : Tick::Late;
  if (failure == nullptr) return;
  note("task.unmarked", task.id(), fmt::format("its mark is written later: {}", failure->why));
}

/// Something has changed that may let them be written.
void Engine::late_ticks_are_due() {
  for (TaskRecord& task : state_.tasks) {
    if (task.tick != Tick::Late) continue;
    task.tick = Tick::Due;
    touch(task);
  }
}

/// Once more, when nothing else is left to do. False: there is nothing to try.
bool Engine::retry_late_ticks() {
  if (std::exchange(state_.run.last_ticks, true)) return false;
  const bool any = std::ranges::any_of(state_.tasks, [](const TaskRecord& task) {
    return is_landed(task) && task.tick == Tick::Late;
  });
  late_ticks_are_due();
  see_to_ticks();
  return any;
}

/// What the file says now about tasks that are merged: a mark that went is set again, unless it was
/// the user who took it away.
void Engine::follow_marks(const std::vector<TaskId>& unticked) {
  for (TaskRecord& task : state_.tasks) {
    if (!is_landed(task)) continue;
    const Tick before = task.tick;
    const bool taken_back = std::ranges::find(unticked, task.id()) != unticked.end();
    if (taken_back) {
      task.tick = Tick::TakenBack;
      note("task.unticked", task.id(), "its mark was taken back by you; it stays merged");
    } else if (task.plan.spec.done) {
      task.tick = Tick::Written;
    } else if (task.tick != Tick::TakenBack) {
      task.tick = Tick::Due;
    }
    if (task.tick != before) touch(task);
  }
}

void Engine::take_as_merged(const std::map<TaskId, CommitId>& merged) {
  for (const auto& [id, commit] : merged) {
    TaskRecord* task = state_.find(id);
    if (task == nullptr || task->state != TaskState::Waiting) continue;
    task->merged = commit;
    task->cleaned = true;
    task->changed = false;
    enter(*task, TaskState::Merged, "merged by an earlier run");
    note("task.merged", id, "merged by an earlier run, which could not tick it");
  }
}

}  // namespace orch
