#pragma once
// Why a request of the user's is not carried out: a value, of which the ui makes a sentence.
#include "orch/core/ids.hpp"
#include "orch/core/reason.hpp"

#include <cstdint>
#include <string>

namespace orch {

/// In brackets the fields that it has besides the task.
enum class RefusalKind : std::uint8_t {
  None,  ///< it is carried out
  NoSuchTask,
  NoTaskNamed,    ///< and it cannot be asked of all (word: the verb)
  NoTaskLeft,     ///< of which it could be asked (word: the verb)
  AlreadyMerged,  ///< (commit, where it can be taken back)
  NotOurMerge,    ///< this run has not merged it (reason)
  AlreadyOver,    ///< (word: its state)
  BeingLanded,
  AtTheBranch,  ///< the integration branch is being moved at this moment
  WaitForLanding,
  NothingToMerge,  ///< yet (word: its state)
  StillAtWork,     ///< (word: its state)
  AskAgain,        ///< in a moment (word: its state)
  NoWorktree,      ///< with work in it
  NotHeld,         ///< (word: its state)
  RetryNeeded,     ///< of the task that it needs (reason)
  NoAgent,         ///< lives that could be told anything (word: the task's state)
  TakesNoText,     ///< its agent's screen cannot be read (word: the kind of agent)
  TextTooLong,
  NoQuestion,     ///< that could be answered here (word: what its agent is at)
  OtherQuestion,  ///< stands on the screen by now
  TooManyTexts,   ///< wait for it already
  NoText,
  NoReceiver,     ///< nothing is called so (word)
  NobodyThere,    ///< no agent of it lives that takes texts (word: "all", or a kind of agent)
  NoCoordinator,  ///< in this run
  ToItself,
  NotToOthers,      ///< as the user has set it
  TooManyToOne,     ///< of the sender's in the window (word: the receiver, number: how many)
  TooManyOpen,      ///< messages wait in this run (number)
  UserIsFull,       ///< has not read as many (number)
  NoSuchMessage,    ///< or it is over for long (word)
  NotItsMessage,    ///< it is for somebody else (word)
  NotArrivedYet,    ///< so nobody can have read it (word)
  NoReply,          ///< as tmux-orch itself sent it (word)
  NotSure,          ///< what is asked for, so that it could be known again
  RuleIsStronger,   ///< a rule of the user's says something else to it each time (word: the rule)
  TooManyGrants,    ///< are made in this run already
  RunIsOver,        ///< (word: its phase)
  NothingToDirect,  ///< for who coordinates, as the run is over (word: its phase)
  NothingToUndo,    ///< as it has not landed (word: its state)
  LandedInParts,    ///< of which only the last is known (commit)
  BeingUndone,      ///< already
  UnknownKind,      ///< of agents (word: it)
  NotMade,          ///< the tasks, all of them (reason)
  OnlyTheUser,      ///< may do so (word: the verb)
  TooManyMade,      ///< tasks by agents (number: how many there may be)
  KindNotAllowed,   ///< for tasks that agents make (word: the kind)
  NoPath,           ///< that could be locked (word: it)
  Locked,           ///< by another task (task: that one, word: the path)
  NamedByOther,     ///< task, which is under way (task: that one, word: the path)
  NothingLocked,    ///< of what is meant, by the task
  TooManyLocks,     ///< of one task (number: how many there may be)
  TooDeep,          ///< it was delegated itself (number: so often it may be)
  CannotCompact,    ///< a program of this kind has no command for it (word: the kind)
};

struct Refusal {
  RefusalKind kind = RefusalKind::None;
  TaskId task;
  std::string word;
  CommitId commit;
  Reason reason;
  std::int64_t number = 0;

  bool empty() const { return kind == RefusalKind::None; }

  bool operator==(const Refusal&) const = default;
};

}  // namespace orch
