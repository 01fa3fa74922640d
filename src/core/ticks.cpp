// The marks of merged tasks, of those that failed and of those that were taken back.
#include "core/ticks.hpp"

#include "core/outbox.hpp"

#include <algorithm>
#include <utility>

namespace orch::ticks {
namespace {

/// By this run or an earlier one, not by the user's own mark.
bool is_landed(const TaskRecord& task) {
  return task.state == TaskState::Merged && !task.merged.empty();
}

/// Is its file to say what became of it?
bool is_marked(const TaskRecord& task) {
  return is_landed(task) || task.state == TaskState::Failed || is_taken_back(task);
}

/// How far its mark is after a look at the file.
Tick seen(const TaskRecord& task, bool taken_back) {
  if (taken_back) return Tick::TakenBack;
  if (task.plan.spec.done) return Tick::Written;
  return task.tick == Tick::TakenBack ? Tick::TakenBack : Tick::Due;
}

}  // namespace

bool is_owed(const State& state, const TaskRecord& task) {
  const bool has_mark = state.run.rules.write_back && !task.plan.spec.is_made();
  return has_mark && task.tick == Tick::Due && !task.merged.empty();
}

void write_owed(Turn& turn) {
  if (!turn.run().rules.write_back) return;
  for (const std::size_t place : turn.agenda().places(Matter::TickOwed)) {
    const TaskRecord& task = turn.state().tasks[place];
    if (turn.is_free(task, Lane::Checkout)) outbox::emit(turn, TickFile{task.id()});
  }
}

void on(Turn& turn, const TickFile& effect, const TickFile::Ends& end) {
  TaskRecord& task = *turn.edit(effect.task);
  const auto* failure = std::get_if<NotDone>(&end);
  task.tick = failure == nullptr ? Tick::Written : Tick::Late;
  if (failure == nullptr) return;
  turn.note(FactKind::TaskUnmarked, task.id(),
            because_of(ReasonKind::MarkLater, quoted(failure->why)));
}

void late_are_due(Turn& turn) {
  for (const std::size_t place : turn.agenda().places(Matter::TickLate))
    turn.edit(turn.state().tasks[place]).tick = Tick::Due;
}

bool retry_late(Turn& turn) {
  if (std::exchange(turn.edit_run().last_ticks, true)) return false;
  const std::vector<std::size_t> late = turn.agenda().places(Matter::TickLate);
  const bool any = std::ranges::any_of(
      late, [&turn](std::size_t place) { return is_marked(turn.state().tasks[place]); });
  late_are_due(turn);
  write_owed(turn);
  return any;
}

void follow_marks(Turn& turn, const std::vector<TaskId>& unticked) {
  for (const TaskRecord& task : turn.state().tasks) {
    if (!is_landed(task)) continue;
    const bool taken_back = std::ranges::find(unticked, task.id()) != unticked.end();
    const Tick now = seen(task, taken_back);
    if (taken_back) turn.note(FactKind::TaskUnticked, task.id());
    if (now != task.tick) turn.edit(task).tick = now;
  }
}

void take_as_merged(Turn& turn, const std::map<TaskId, CommitId>& merged) {
  for (const auto& [id, commit] : merged) {
    const TaskRecord* known = turn.find(id);
    if (known == nullptr || known->state != TaskState::Waiting) continue;
    TaskRecord& task = turn.edit(*known);
    task.merged = commit;
    task.cleaned = true;
    task.changed = false;
    turn.enter(task, Step::Tick, {ReasonKind::MergedEarlier});
    turn.note(FactKind::TaskMerged, id, {ReasonKind::MergedEarlier});
  }
}

}  // namespace orch::ticks
