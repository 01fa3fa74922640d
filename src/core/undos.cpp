// From the request to the task that is merged no more.
#include "core/undos.hpp"

#include "core/base_branch.hpp"
#include "core/landing_queue.hpp"
#include "core/lone_landing.hpp"
#include "core/roster.hpp"
#include "core/ticks.hpp"
#include "orch/base/variant.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace orch::undos {
namespace {

bool is_asked_for(const RunRecord& run, const TaskId& id) {
  return std::ranges::find(run.undos, id) != run.undos.end();
}

void close(Turn& turn, const TaskId& id) {
  turn.end_landing({});
  std::erase(turn.edit_run().undos, id);
}

/// It stays merged.
void give_up(Turn& turn, const TaskId& id, Reason why) {
  close(turn, id);
  TaskRecord& task = *turn.edit(id);
  task.why = because_of(ReasonKind::NotUndone, std::move(why));
  turn.note(FactKind::TaskUndoRefused, id, task.why);
}

/// Nothing of the attempts that led to it counts for another one.
void take_back(Turn& turn, const TaskId& id, const CommitId& commit) {
  close(turn, id);
  TaskRecord& task = *turn.edit(id);
  if (task.agent != 0) {
    AgentRun& agent = turn.edit_agent(task);
    agent.worktree.clear();
    agent.branch.clear();
    agent.start = {};
  }
  task.undone = commit;
  task.merged = task.work = task.reported = {};
  task.parts.clear();
  task.items_merged.clear();
  task.progress = 0;
  task.untested = false;
  task.left.clear();
  task.tick = Tick::Due;
  turn.enter(task, Step::Undo, {.kind = ReasonKind::TakenBack, .text = commit.value});
  turn.note(FactKind::TaskUndone, id, task.why);
  ticks::late_are_due(turn);
  roster::refresh_unreachable(turn, task);
  base_branch::try_those_that_wait(turn);
}

Reason why_red(const RunRecord& run, const Tested& result) {
  Reason why{.kind = ReasonKind::UndoTestsFail, .text = result.why, .path = result.log};
  if (!result.gate.empty()) {
    why.kind = ReasonKind::GateBlocks;
    why.names = {result.gate};
  } else if (result.base_fails) {
    why.kind = ReasonKind::BaseTestsFail;
    why.names = {run.rules.base};
  }
  return why;
}

}  // namespace

void ask(Turn& turn, TaskRecord& task) {
  const auto refuse = [&](RefusalKind kind) {
    turn.refuse({.kind = kind,
                 .task = task.id(),
                 .word = std::string(to_text(task.state)),
                 .commit = task.merged,
                 .reason = task.why});
  };
  if (task.state != TaskState::Merged) return refuse(RefusalKind::NothingToUndo);
  if (task.merged.empty()) return refuse(RefusalKind::NotOurMerge);
  // Of a run of an earlier version only the last part is known.
  if (!task.items_merged.empty() && task.parts.empty()) return refuse(RefusalKind::LandedInParts);
  if (is_asked_for(turn.run(), task.id())) return refuse(RefusalKind::BeingUndone);
  if (turn.run().phase == RunPhase::BaseRed) {
    return turn.refuse(
        {.kind = RefusalKind::RunIsOver, .word = std::string(to_text(turn.run().phase))});
  }
  turn.edit_run().undos.push_back(task.id());
  task.why = {ReasonKind::BeingUndone};
  turn.note(FactKind::TaskUndoing, task.id());
}

const TaskRecord* next(const Turn& turn) {
  for (const TaskId& id : turn.run().undos) {
    const TaskRecord* task = turn.find(id);
    if (task != nullptr && task->cleaned && turn.is_idle(*task)) return task;
  }
  return nullptr;
}

void begin_landing(Turn& turn) {
  const TaskRecord& task = *next(turn);
  lone_landing::begin(turn, {.work = task.merged, .undo = task.id()});
}

void on_prepared(Turn& turn, Landing& landing, const PrepareLanding::Ends& end) {
  const TaskId id = landing.undo;
  std::visit(
      Overloaded{
          [&](const LandingPrepared& e) { lone_landing::test_or_move(turn, landing, e.candidate); },
          [&](const LandingConflicts& e) {
            give_up(turn, id,
                    {.kind = ReasonKind::UndoConflicts, .hint = e.command, .names = e.files});
          },
          [&](const LandingProtected&) {},  // what the user takes back they have seen
          [&](const NotDone& e) { give_up(turn, id, reason_of(e)); },
      },
      end);
}

void on_tested(Turn& turn, Landing& landing, const TestLanding::Ends& end) {
  const TaskId id = landing.undo;
  if (const auto* failure = std::get_if<NotDone>(&end))
    return give_up(turn, id, reason_of(*failure));
  const auto& result = std::get<Tested>(end);
  if (!result.passed) return give_up(turn, id, why_red(turn.run(), result));
  turn.enter(landing, LandingStep::Pass);
  lone_landing::move(turn, landing);
}

void on_landed(Turn& turn, const Land& effect, const Land::Ends& end) {
  turn.make_durable();
  std::visit(Overloaded{
                 [&](const Landed& e) {
                   landing_queue::move_tip(turn, e.tip);
                   take_back(turn, effect.undo, e.tip);
                 },
                 [&](const BranchMoved& e) {
                   turn.end_landing({});
                   landing_queue::move_tip(turn, e.tip);
                 },
                 [&](const NotDone& e) { give_up(turn, effect.undo, reason_of(e)); },
             },
             end);
}

}  // namespace orch::undos
