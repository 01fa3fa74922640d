#pragma once
// What the user may want to know of what was decided.
#include "orch/base/enum_names.hpp"
#include "orch/core/ids.hpp"
#include "orch/core/reason.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace orch {

/// The words are what scripts see in `events --json`.
enum class FactKind : std::uint8_t {
  BaseBehind,
  BaseMerged,
  BaseMoved,
  BaseRed,
  BaseRefused,
  BaseTested,
  CheckoutChanged,
  IntegrationMoved,
  KindPaused,
  KindResumed,
  RunCritical,
  RunFinished,
  RunMemoryEnough,
  RunMemoryShort,
  RunNotPushed,
  RunPushed,
  RunResumed,
  RunStarted,
  RunStopped,
  RunStopping,
  RunTrouble,
  RunWaiting,
  TaskAborted,
  TaskAgentEnded,
  TaskAnomaly,
  TaskAnswered,
  TaskAsking,
  TaskBlocked,
  TaskContinued,
  TaskDone,
  TaskDoneRefused,
  TaskEdited,
  TaskFailed,
  TaskHandedBack,
  TaskHeld,
  TaskIdle,
  TaskInterrupted,
  TaskJoined,
  TaskKept,
  TaskLeft,
  TaskMerged,
  TaskMerging,
  TaskNotified,
  TaskOverloads,
  TaskPartly,
  TaskProgress,
  TaskReleased,
  TaskReminded,
  TaskRetried,
  TaskReturned,
  TaskSaved,
  TaskStalled,
  TaskStarted,
  TaskTicked,
  TaskTold,
  TaskTrouble,
  TaskTurnFailed,
  TaskUndoRefused,
  TaskUndoing,
  TaskUndone,
  TaskUnlocked,
  TaskUnmarked,
  TaskUnreachable,
  TaskUnticked,
  TaskUser,
  TasksRefused,
  TestsFlaky,
  TaskReviewed,
  TestsWeakened,
  Other,  ///< of another version of the program
};

template <>
struct EnumNames<FactKind> {
  /// What a stored word is that this version does not know.
  static constexpr FactKind kUnknown = FactKind::Other;
  static constexpr std::pair<FactKind, std::string_view> kTable[] = {
      {FactKind::BaseBehind, "base.behind"},
      {FactKind::BaseMerged, "base.merged"},
      {FactKind::BaseMoved, "base.moved"},
      {FactKind::BaseRed, "base.red"},
      {FactKind::BaseRefused, "base.refused"},
      {FactKind::BaseTested, "base.tested"},
      {FactKind::CheckoutChanged, "checkout.changed"},
      {FactKind::IntegrationMoved, "integration.moved"},
      {FactKind::KindPaused, "kind.paused"},
      {FactKind::KindResumed, "kind.resumed"},
      {FactKind::RunCritical, "run.critical"},
      {FactKind::RunFinished, "run.finished"},
      {FactKind::RunMemoryEnough, "run.memory-enough"},
      {FactKind::RunMemoryShort, "run.memory-short"},
      {FactKind::RunNotPushed, "run.not-pushed"},
      {FactKind::RunPushed, "run.pushed"},
      {FactKind::RunResumed, "run.resumed"},
      {FactKind::RunStarted, "run.started"},
      {FactKind::RunStopped, "run.stopped"},
      {FactKind::RunStopping, "run.stopping"},
      {FactKind::RunTrouble, "run.trouble"},
      {FactKind::RunWaiting, "run.waiting"},
      {FactKind::TaskAborted, "task.aborted"},
      {FactKind::TaskAgentEnded, "task.agent-ended"},
      {FactKind::TaskAnomaly, "task.anomaly"},
      {FactKind::TaskAnswered, "task.answered"},
      {FactKind::TaskAsking, "task.asking"},
      {FactKind::TaskBlocked, "task.blocked"},
      {FactKind::TaskContinued, "task.continued"},
      {FactKind::TaskDone, "task.done"},
      {FactKind::TaskDoneRefused, "task.done-refused"},
      {FactKind::TaskEdited, "task.edited"},
      {FactKind::TaskFailed, "task.failed"},
      {FactKind::TaskHandedBack, "task.handed-back"},
      {FactKind::TaskHeld, "task.held"},
      {FactKind::TaskIdle, "task.idle"},
      {FactKind::TaskInterrupted, "task.interrupted"},
      {FactKind::TaskJoined, "task.joined"},
      {FactKind::TaskKept, "task.kept"},
      {FactKind::TaskLeft, "task.left"},
      {FactKind::TaskMerged, "task.merged"},
      {FactKind::TaskMerging, "task.merging"},
      {FactKind::TaskNotified, "task.notified"},
      {FactKind::TaskOverloads, "task.overloads"},
      {FactKind::TaskPartly, "task.partly"},
      {FactKind::TaskProgress, "task.progress"},
      {FactKind::TaskReleased, "task.released"},
      {FactKind::TaskReminded, "task.reminded"},
      {FactKind::TaskRetried, "task.retried"},
      {FactKind::TaskReturned, "task.returned"},
      {FactKind::TaskSaved, "task.saved"},
      {FactKind::TaskStalled, "task.stalled"},
      {FactKind::TaskStarted, "task.started"},
      {FactKind::TaskTicked, "task.ticked"},
      {FactKind::TaskTold, "task.told"},
      {FactKind::TaskTrouble, "task.trouble"},
      {FactKind::TaskTurnFailed, "task.turn-failed"},
      {FactKind::TaskUndoRefused, "task.undo-refused"},
      {FactKind::TaskUndoing, "task.undoing"},
      {FactKind::TaskUndone, "task.undone"},
      {FactKind::TaskUnlocked, "task.unlocked"},
      {FactKind::TaskUnmarked, "task.unmarked"},
      {FactKind::TaskUnreachable, "task.unreachable"},
      {FactKind::TaskUnticked, "task.unticked"},
      {FactKind::TaskUser, "task.user"},
      {FactKind::TasksRefused, "tasks.refused"},
      {FactKind::TestsFlaky, "tests.flaky"},
      {FactKind::TaskReviewed, "task.reviewed"},
      {FactKind::TestsWeakened, "tests.weakened"},
      {FactKind::Other, "other"},
  };
};

/// Something that was decided and that a user may want to know.
struct Fact {
  FactKind kind = FactKind::Other;
  TaskId task;  ///< empty: the whole run
  Reason reason;

  bool operator==(const Fact&) const = default;
};

}  // namespace orch
