// After a landing.
#include "core/clean_up.hpp"

#include "core/endings.hpp"
#include "core/landing.hpp"
#include "core/outbox.hpp"
#include "core/ticks.hpp"
#include "orch/base/variant.hpp"

#include <string>

namespace orch::clean_up {
namespace {

/// The mark is written while the agent ends; what it worked in goes last.
void next_step(Turn& turn, const TaskRecord& task) {
  const bool alive = turn.agent_of(task).is_to_be_stopped();
  const bool owed = ticks::is_owed(turn.state(), task);
  if (alive && turn.is_free(task, Lane::Agent)) endings::stop_agent(turn, turn.edit(task));
  if (owed && turn.is_free(task, Lane::Checkout)) outbox::emit(turn, TickFile{task.id()});
  if (alive || owed || !turn.is_free(task, Lane::Worktree)) return;
  outbox::emit(turn, CleanUp{.task = task.id(),
                             .attempt = task.attempts,
                             .worktree = turn.agent_of(task).worktree,
                             .branch = turn.agent_of(task).branch,
                             .landed = task.work});
}

// What was found in the worktree besides what has landed: the task says where it is now.
void note_remainder(Turn& turn, TaskRecord& task, const WorkRescued& rescued) {
  // It names once more what was seen before the landing.
  if (!rescued.note.empty()) {
    task.why = quoted(rescued.note);
    turn.note(FactKind::TaskLeft, task.id(), task.why);
  }
  if (rescued.ref.empty()) return;
  task.rescues.push_back(rescued.ref);
  task.why = because_of(ReasonKind::KeptRemainder, task.why);
  task.why.path = rescued.ref;
  turn.note(FactKind::TaskSaved, task.id(),
            {.kind = ReasonKind::KeptRemainder, .path = rescued.ref});
}

}  // namespace

void carry_on(Turn& turn) {
  for (const std::size_t place : turn.agenda().places(Matter::Landed)) {
    const TaskRecord& task = turn.state().tasks[place];
    next_step(turn, task);
  }
}

void on(Turn& turn, const CleanUp& effect, const CleanUp::Ends& end) {
  TaskRecord& task = *turn.edit(effect.task);
  std::visit(Overloaded{
                 [](const Done&) {},
                 [&](const WorkRescued& e) { note_remainder(turn, task, e); },
                 [&](const NotDone& e) { turn.note(FactKind::TaskKept, task.id(), quoted(e.why)); },
             },
             end);
  task.cleaned = true;
  if (task.state == TaskState::PartLanded) landing::take_up_remaining(turn, task);
}

}  // namespace orch::clean_up
