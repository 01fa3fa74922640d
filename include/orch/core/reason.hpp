#pragma once
// Why a task, a run or a landing is where it is: a value, of which only the ui makes a sentence.
#include "orch/base/enum_names.hpp"
#include "orch/base/fields.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orch {

/// What a reason says; in brackets the fields that it has besides.
enum class ReasonKind : std::uint8_t {
  None,    ///< there is nothing to say
  Quoted,  ///< what an agent, a user or a tool said (text)
  Fault,   ///< what was in the way of doing something (text, hint)

  // what a task that waits waits for
  LeftOut,          ///< it is not among those asked for
  Held,             ///< by the user, or by an agent (names: its task)
  NeedsTasks,       ///< that are not merged yet (names)
  NeedsPerson,      ///< to do one that is no agent's, or to say whether it is done (names, cause)
  BaseBeingTested,  ///< nothing starts before that
  RunAtRest,        ///< nothing starts
  P0First,          ///< tasks of the highest priority come first
  SharesFiles,      ///< with another task (names)
  KindBusy,         ///< as many agents of a kind are at work as may be (number, text)
  WorkersBusy,      ///< all are (number)
  FirstOfKind,      ///< the first agent of the kind has to get to work before (text)
  StartsApart,      ///< agents of the kind are not started at the same time (text)
  KindStopped,      ///< agents of the kind fail when they start (text, number, cause)
  KindRefused,      ///< its service does not take the user, or no more (text, cause)
  KindPaused,       ///< its service takes nothing (text; number: ms until it is tried, cause)
  RetryDelay,       ///< before it is tried again
  RetryLater,       ///< an effect of it failed for a passing reason (cause)
  DiskFull,         ///< the same, until there is space (cause)
  MemoryShort,      ///< on the machine: no further agent is started (number: bytes left; cause)
  BiggestAgent,     ///< has most of it (names: task, processes; number: bytes)
  TaskCost,         ///< its agents have cost what they may (number: millionths of a dollar)
  TaskTurns,        ///< its agents have done as many turns as they may (number)
  RunCost,          ///< the same of all tasks together
  RunTurns,         ///< the same
  TaskRestarts,     ///< it was begun again as often as it may by itself (number, cause)

  // what a task is at
  MakingWorktree,
  Starting,
  Collecting,
  LandingTurn,    ///< it waits for its turn to land
  Reviewing,      ///< it is being looked at before that (names: the review)
  ReviewSays,     ///< (names: the review; text)
  TestsWeakened,  ///< by its work (names: how)
  Merging,
  TestingMerge,
  MergeTested,
  BranchMoved,   ///< the integration branch; its landing begins again
  BeingStopped,  ///< (cause)

  // what its agent waits for
  AgentAsks,         ///< an answer (names: kind of the question; text: what stands on its screen)
  AgentTurnFailed,   ///< after an error (text, cause: why it is not told to continue)
  AgentContinues,    ///< after an error, when it is told to (text; number: ms from then)
  EnoughTexts,       ///< as many were typed by us as may be (number)
  AgentIdle,         ///< its turn is over and it has not said done
  AgentStalled,      ///< busy and without progress
  AgentOverloads,    ///< it takes the machine from others (number: percent of it; names: tasks)
  AnomalyFound,      ///< (names: rule, severity, what is done; number; text: evidence)
  AnomalyTold,       ///< the same, and the user is to look at it
  IdleAgentEnded,    ///< as more wait for their landing than may (number; text: id of its session)
  DoneRefused,       ///< it said done, and was told why that is not so yet (text)
  AgentReminded,     ///< its turn is over without a report, and it was told so
  ToldToContinue,    ///< for the so many-th time (number; text: the error)
  TurnInterrupted,   ///< as it made no progress (number: ms since)
  InterruptFailed,   ///< (cause)
  TurnsHang,         ///< as many were ended in its attempt as may be (number)
  KindResumed,       ///< agents of the kind go on (text)
  MessageWaits,      ///< a text for it cannot be typed (text: why)
  MessageTyped,      ///< (text: its beginning)
  MessageRefused,    ///< (text: its beginning; cause)
  MessageFromAgent,  ///< was typed (names: who sent it; number; text: its beginning)
  MessageForUser,    ///< (number; text: its beginning)
  MessagesLimited,   ///< it sends one party more than it may (names: whom; number; text: in a time)
  QuestionAnswered,  ///< (text: the question; names: label of the option, the rule that did)
  QuestionAlways,    ///< as QuestionAnswered, and the user allows the same from then on
  AnswerFailed,      ///< (cause)
  UserControls,      ///< the user types in its window
  UserHandsBack,     ///< and does so no more

  // how an agent ended, or was
  NeverSaidDone,  ///< (cause: why its done was refused)
  ExitCode,       ///< (number)
  FailedAtStart,  ///< before it did anything (number, text: what it printed last)
  Killed,         ///< with its shim
  Signal,         ///< (number)
  Stopped,        ///< from outside
  WindowClosed,
  NotStarted,      ///< (text)
  TimeLimit,       ///< (number, in milliseconds)
  NoChanges,       ///< it said done and committed nothing
  ContextFull,     ///< its conversation takes no more (text)
  FailedOver,      ///< another kind goes on with its work (text: of its kind, cause)
  SessionRefused,  ///< it did not go on with its conversation (text: what it printed, cause: why
                   ///< the attempt was needed)

  // where an attempt led
  Aborted,          ///< by the user, or by an agent (names: its task)
  StartedInPlace,   ///< of the one that waits for it (text: the kind)
  Delivered,        ///< its work went to another task (names: that one)
  ParentIsOver,     ///< nobody waits for it any more (names: who has delegated it)
  WaitsForOther,    ///< what it has delegated is not back yet (names)
  LockIsOld,        ///< (text: the path, number: ms)
  LockTaken,        ///< from its agent, by the user (names: the paths)
  AskedFor,         ///< by the user, or by an agent (names: its task)
  Coordinates,      ///< an agent that was started (text: its kind)
  CoordinatorLeft,  ///< the agent that coordinates has ended by itself
  AbortedUnsaved,   ///< and its work is where it was (path, cause)
  Interrupted,
  RunStopped,
  Released,          ///< by the user, or by an agent (names: its task)
  Answered,          ///< when it was blocked (text; names: as Released)
  Restarted,         ///< as Released
  Attempt,           ///< as often as it may be tried (number, cause)
  CannotStart,       ///< (cause)
  CannotStop,        ///< (cause)
  CannotSave,        ///< (cause)
  CannotCheck,       ///< (cause)
  CannotLand,        ///< (cause)
  Conflicting,       ///< with the base, which its agent is to mend (text: its name; names: files)
  Conflicts,         ///< the same, which is for the user
  MarksLeft,         ///< of a conflict, in what it committed (names: files)
  TestsFail,         ///< on the merged tree (text, path of the log)
  GateBlocks,        ///< the merged tree (text, path of the log; names: the gate)
  ReviewBlocks,      ///< its change (text: what was found; path of the log; names: the review)
  Unreviewed,        ///< there was no answer (text, path of the log; names: the review)
  ChangesProtected,  ///< what lands only after the user has seen it (names: files)
  Returned,          ///< to its agent, to be mended (cause)
  ReturnedOften,     ///< as often as may be (number, cause)
  NothingMended,     ///< when it was done again (path: the ref of its work before; cause)
  BeingUndone,       ///< what it landed is being taken back
  NotUndone,         ///< what it landed was to be taken back (cause)
  UndoConflicts,     ///< later work is in the way (names: files; hint: the command by hand)
  UndoTestsFail,     ///< without what it landed (text, path of the log)
  TakenBack,         ///< by the user, after it had landed (text: the commit that did)
  LostNeed,          ///< what it needs will not come (names, text: its state; or cause)

  // what became of its work
  NothingChanged,
  PartMerged,
  ItemsMerged,    ///< of its file (names, cause: those left)
  ItemsLeft,      ///< (names)
  KeptRemainder,  ///< what did not land (path of the ref, cause)
  Ticked,         ///< by the user
  MergedEarlier,  ///< by an earlier run
  NotInFile,      ///< any more

  // the run and its base
  BaseTestsFail,       ///< its own (names: base; text, path of the log)
  TestsFlaky,          ///< failed, and then passed on the same tree (text)
  BaseUntested,        ///< they could not be run (names: base; text)
  BaseRefused,         ///< commits of the user's cannot be merged in (names: base; cause)
  BaseConflicts,       ///< (names: files)
  BaseMergeTestsFail,  ///< with these commits (text)
  BaseNotReached,      ///< the run was stopped before
  Pushed,              ///< what has landed (names: the remote)
  NotPushed,           ///< (names: the remote; cause)
  PushCommandDone,     ///< the user's, after the last push
  PushCommandFailed,   ///< (cause)
  BaseNotFollowing,    ///< the user's branch stays where it is (names: base; cause)
  AllP0Failed,
  NothingStarts,  ///< no agent of any kind (cause)

  // what is told once
  StartedBy,       ///< a worker (number, text: kind of agent, attempt)
  Progress,        ///< (number: percent; text)
  Done,            ///< (text: what the agent said)
  TriedAgain,      ///< (cause)
  StartedAgain,    ///< (cause)
  NotItsFault,     ///< tried again, as nothing but the system was in the way
  WorkKept,        ///< (path of the ref)
  Merged,          ///< (cause: what is special about it)
  MergedUntested,  ///< (cause)
  NothingLanded,   ///< (text)
  BackInFile,
  NewInFile,
  MadeBy,        ///< while the run went on (names: who)
  IdIsTaken,     ///< by another task (names: it)
  EditedInFile,  ///< while it is under way
  GoneFromFile,  ///< while it is under way
  BadFile,       ///< the task file cannot be followed (number of the line, text)
  MarkLater,     ///< (cause)
  OfBranch,      ///< (text: its name)
  TasksOnBase,   ///< a run began (number, text: name of the base)
  AgentsGoOn,    ///< without a supervisor
  AgentsStopped,
  NoReport,      ///< (cause)
  MemoryEnough,  ///< again (number: bytes)
  WrongStep,     ///< a mistake of tmux-orch's (names: who, step, state)
  WrongTask,     ///< the same (text: an effect of a task that there is not)
};

template <>
struct EnumNames<ReasonKind> {
  static constexpr std::pair<ReasonKind, std::string_view> kTable[] = {
      {ReasonKind::None, "none"},
      {ReasonKind::Quoted, "quoted"},
      {ReasonKind::Fault, "fault"},
      {ReasonKind::LeftOut, "left-out"},
      {ReasonKind::Held, "held"},
      {ReasonKind::NeedsTasks, "needs-tasks"},
      {ReasonKind::NeedsPerson, "needs-person"},
      {ReasonKind::BaseBeingTested, "base-being-tested"},
      {ReasonKind::RunAtRest, "run-at-rest"},
      {ReasonKind::P0First, "p0-first"},
      {ReasonKind::SharesFiles, "shares-files"},
      {ReasonKind::KindBusy, "kind-busy"},
      {ReasonKind::WorkersBusy, "workers-busy"},
      {ReasonKind::FirstOfKind, "first-of-kind"},
      {ReasonKind::StartsApart, "starts-apart"},
      {ReasonKind::KindStopped, "kind-stopped"},
      {ReasonKind::KindRefused, "kind-refused"},
      {ReasonKind::KindPaused, "kind-paused"},
      {ReasonKind::RetryDelay, "retry-delay"},
      {ReasonKind::RetryLater, "retry-later"},
      {ReasonKind::DiskFull, "disk-full"},
      {ReasonKind::MemoryShort, "memory-short"},
      {ReasonKind::BiggestAgent, "biggest-agent"},
      {ReasonKind::TaskCost, "task-cost"},
      {ReasonKind::TaskTurns, "task-turns"},
      {ReasonKind::RunCost, "run-cost"},
      {ReasonKind::RunTurns, "run-turns"},
      {ReasonKind::TaskRestarts, "task-restarts"},
      {ReasonKind::MakingWorktree, "making-worktree"},
      {ReasonKind::Starting, "starting"},
      {ReasonKind::Collecting, "collecting"},
      {ReasonKind::LandingTurn, "landing-turn"},
      {ReasonKind::Reviewing, "reviewing"},
      {ReasonKind::ReviewSays, "review-says"},
      {ReasonKind::TestsWeakened, "tests-weakened"},
      {ReasonKind::Merging, "merging"},
      {ReasonKind::TestingMerge, "testing-merge"},
      {ReasonKind::MergeTested, "merge-tested"},
      {ReasonKind::BranchMoved, "branch-moved"},
      {ReasonKind::BeingStopped, "being-stopped"},
      {ReasonKind::AgentAsks, "agent-asks"},
      {ReasonKind::AgentTurnFailed, "agent-turn-failed"},
      {ReasonKind::AgentContinues, "agent-continues"},
      {ReasonKind::EnoughTexts, "enough-texts"},
      {ReasonKind::AgentIdle, "agent-idle"},
      {ReasonKind::AgentStalled, "agent-stalled"},
      {ReasonKind::AgentOverloads, "agent-overloads"},
      {ReasonKind::AnomalyFound, "anomaly-found"},
      {ReasonKind::AnomalyTold, "anomaly-told"},
      {ReasonKind::IdleAgentEnded, "idle-agent-ended"},
      {ReasonKind::DoneRefused, "done-refused"},
      {ReasonKind::AgentReminded, "agent-reminded"},
      {ReasonKind::ToldToContinue, "told-to-continue"},
      {ReasonKind::TurnInterrupted, "turn-interrupted"},
      {ReasonKind::InterruptFailed, "interrupt-failed"},
      {ReasonKind::TurnsHang, "turns-hang"},
      {ReasonKind::KindResumed, "kind-resumed"},
      {ReasonKind::MessageWaits, "message-waits"},
      {ReasonKind::MessageTyped, "message-typed"},
      {ReasonKind::MessageFromAgent, "message-from-agent"},
      {ReasonKind::MessageForUser, "message-for-user"},
      {ReasonKind::MessagesLimited, "messages-limited"},
      {ReasonKind::MessageRefused, "message-refused"},
      {ReasonKind::QuestionAnswered, "question-answered"},
      {ReasonKind::QuestionAlways, "question-always"},
      {ReasonKind::AnswerFailed, "answer-failed"},
      {ReasonKind::UserControls, "user-controls"},
      {ReasonKind::UserHandsBack, "user-hands-back"},
      {ReasonKind::NeverSaidDone, "never-said-done"},
      {ReasonKind::ExitCode, "exit-code"},
      {ReasonKind::FailedAtStart, "failed-at-start"},
      {ReasonKind::Killed, "killed"},
      {ReasonKind::Signal, "signal"},
      {ReasonKind::Stopped, "stopped"},
      {ReasonKind::WindowClosed, "window-closed"},
      {ReasonKind::NotStarted, "not-started"},
      {ReasonKind::TimeLimit, "time-limit"},
      {ReasonKind::NoChanges, "no-changes"},
      {ReasonKind::ContextFull, "context-full"},
      {ReasonKind::FailedOver, "failed-over"},
      {ReasonKind::SessionRefused, "session-refused"},
      {ReasonKind::Aborted, "aborted"},
      {ReasonKind::StartedInPlace, "started-in-place"},
      {ReasonKind::Delivered, "delivered"},
      {ReasonKind::ParentIsOver, "parent-is-over"},
      {ReasonKind::WaitsForOther, "waits-for-other"},
      {ReasonKind::LockIsOld, "lock-is-old"},
      {ReasonKind::LockTaken, "lock-taken"},
      {ReasonKind::AskedFor, "asked-for"},
      {ReasonKind::Coordinates, "coordinates"},
      {ReasonKind::CoordinatorLeft, "coordinator-left"},
      {ReasonKind::AbortedUnsaved, "aborted-unsaved"},
      {ReasonKind::Interrupted, "interrupted"},
      {ReasonKind::RunStopped, "run-stopped"},
      {ReasonKind::Released, "released"},
      {ReasonKind::Answered, "answered"},
      {ReasonKind::Restarted, "restarted"},
      {ReasonKind::Attempt, "attempt"},
      {ReasonKind::CannotStart, "cannot-start"},
      {ReasonKind::CannotStop, "cannot-stop"},
      {ReasonKind::CannotSave, "cannot-save"},
      {ReasonKind::CannotCheck, "cannot-check"},
      {ReasonKind::CannotLand, "cannot-land"},
      {ReasonKind::Conflicting, "conflicting"},
      {ReasonKind::Conflicts, "conflicts"},
      {ReasonKind::MarksLeft, "marks-left"},
      {ReasonKind::TestsFail, "tests-fail"},
      {ReasonKind::GateBlocks, "gate-blocks"},
      {ReasonKind::ReviewBlocks, "review-blocks"},
      {ReasonKind::Unreviewed, "unreviewed"},
      {ReasonKind::ChangesProtected, "changes-protected"},
      {ReasonKind::Returned, "returned"},
      {ReasonKind::ReturnedOften, "returned-often"},
      {ReasonKind::NothingMended, "nothing-mended"},
      {ReasonKind::BeingUndone, "being-undone"},
      {ReasonKind::NotUndone, "not-undone"},
      {ReasonKind::UndoConflicts, "undo-conflicts"},
      {ReasonKind::UndoTestsFail, "undo-tests-fail"},
      {ReasonKind::TakenBack, "taken-back"},
      {ReasonKind::LostNeed, "lost-need"},
      {ReasonKind::NothingChanged, "nothing-changed"},
      {ReasonKind::PartMerged, "part-merged"},
      {ReasonKind::ItemsMerged, "items-merged"},
      {ReasonKind::ItemsLeft, "items-left"},
      {ReasonKind::KeptRemainder, "kept-remainder"},
      {ReasonKind::Ticked, "ticked"},
      {ReasonKind::MergedEarlier, "merged-earlier"},
      {ReasonKind::NotInFile, "not-in-file"},
      {ReasonKind::BaseTestsFail, "base-tests-fail"},
      {ReasonKind::TestsFlaky, "tests-flaky"},
      {ReasonKind::BaseUntested, "base-untested"},
      {ReasonKind::BaseRefused, "base-refused"},
      {ReasonKind::BaseConflicts, "base-conflicts"},
      {ReasonKind::BaseMergeTestsFail, "base-merge-tests-fail"},
      {ReasonKind::BaseNotReached, "base-not-reached"},
      {ReasonKind::Pushed, "pushed"},
      {ReasonKind::NotPushed, "not-pushed"},
      {ReasonKind::PushCommandDone, "push-command-done"},
      {ReasonKind::PushCommandFailed, "push-command-failed"},
      {ReasonKind::BaseNotFollowing, "base-not-following"},
      {ReasonKind::AllP0Failed, "all-p0-failed"},
      {ReasonKind::NothingStarts, "nothing-starts"},
      {ReasonKind::StartedBy, "started-by"},
      {ReasonKind::Progress, "progress"},
      {ReasonKind::Done, "done"},
      {ReasonKind::TriedAgain, "tried-again"},
      {ReasonKind::StartedAgain, "started-again"},
      {ReasonKind::NotItsFault, "not-its-fault"},
      {ReasonKind::WorkKept, "work-kept"},
      {ReasonKind::Merged, "merged"},
      {ReasonKind::MergedUntested, "merged-untested"},
      {ReasonKind::NothingLanded, "nothing-landed"},
      {ReasonKind::BackInFile, "back-in-file"},
      {ReasonKind::NewInFile, "new-in-file"},
      {ReasonKind::MadeBy, "made-by"},
      {ReasonKind::IdIsTaken, "id-is-taken"},
      {ReasonKind::EditedInFile, "edited-in-file"},
      {ReasonKind::GoneFromFile, "gone-from-file"},
      {ReasonKind::BadFile, "bad-file"},
      {ReasonKind::MarkLater, "mark-later"},
      {ReasonKind::OfBranch, "of-branch"},
      {ReasonKind::TasksOnBase, "tasks-on-base"},
      {ReasonKind::AgentsGoOn, "agents-go-on"},
      {ReasonKind::AgentsStopped, "agents-stopped"},
      {ReasonKind::NoReport, "no-report"},
      {ReasonKind::MemoryEnough, "memory-enough"},
      {ReasonKind::WrongStep, "wrong-step"},
      {ReasonKind::WrongTask, "wrong-task"},
  };
};

struct Reason {
  ReasonKind kind = ReasonKind::None;
  std::string text;    ///< words of others
  std::string hint;    ///< what they say to do about it
  bool whole = false;  ///< the hint says how the task goes on: nothing is to be added
  std::int64_t number = 0;
  int attempt = 0;
  std::string path;
  std::vector<std::string> names;
  std::vector<Reason> cause;  ///< one at most

  bool empty() const { return kind == ReasonKind::None; }

  ORCH_FIELDS(kind, text, hint, whole, number, attempt, path, names, cause)
  bool operator==(const Reason&) const = default;
};

/// What somebody said, word for word; nothing for nothing.
/// Did a test, a gate or a review refuse the work? Then `path` is its log.
bool is_of_check(ReasonKind kind);

Reason quoted(std::string text);

/// One reason because of another.
Reason because_of(ReasonKind kind, Reason cause);

/// The fault at the bottom of it; nullptr: there is none.
const Reason* fault_in(const Reason& reason);

}  // namespace orch
