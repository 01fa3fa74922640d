#pragma once
// The states of a task and the steps between them: the whole table is in lifecycle.cpp.
#include "orch/base/enum_names.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace orch {

/// waiting -> preparing -> running -> checking -> queued -> landing -> merged; the rest leaves the
/// path.
enum class TaskState : std::uint8_t {
  Waiting,      ///< for a dependency, a worker, a file, a delay; `why` says which
  Preparing,    ///< its worktree is being made
  Running,      ///< its agent is starting or at work
  Checking,     ///< the agent says done; what it left is looked at
  Queued,       ///< to be landed
  Landing,      ///< being merged and tested
  PartLanded,   ///< a part is merged; it is cleaned up and goes on with what is left
  Stopping,     ///< its attempt ends early: what is under way, then its agent; `ending` says why
  Saving,       ///< its agent has ended: its work is saved before the attempt is over
  Merged,       ///< on the integration branch, or ticked before the run
  Blocked,      ///< its agent or its landing needs the user
  Failed,       ///< attempts used up, or its tests failed on the merged tree
  Unreachable,  ///< needs one that failed or was aborted
  Aborted,      ///< by the user, or taken back by them after it had landed
};

template <>
struct EnumNames<TaskState> {
  static constexpr std::pair<TaskState, std::string_view> kTable[] = {
      {TaskState::Waiting, "waiting"},         {TaskState::Preparing, "preparing"},
      {TaskState::Running, "running"},         {TaskState::Checking, "checking"},
      {TaskState::Queued, "queued"},           {TaskState::Landing, "landing"},
      {TaskState::PartLanded, "part-landed"},  {TaskState::Stopping, "stopping"},
      {TaskState::Saving, "saving"},           {TaskState::Merged, "merged"},
      {TaskState::Blocked, "blocked"},         {TaskState::Failed, "failed"},
      {TaskState::Unreachable, "unreachable"}, {TaskState::Aborted, "aborted"}};
};

/// What moves a task from one state to the next.
enum class Step : std::uint8_t {
  Start,       ///< it gets a worker and a worktree
  Ready,       ///< the worktree is there
  Block,       ///< its agent, or what is in the way of it, needs the user
  Resume,      ///< released: its agent goes on
  Check,       ///< its agent, or the user, says done
  Queue,       ///< what it left can land
  Land,        ///< its turn
  Return,      ///< it did not land, and its agent, which waits, is to mend it
  Requeue,     ///< its turn comes again: something moved, or it is held
  Landed,      ///< all of it
  PartLanded,  ///< what its agent named; more is left
  Continue,    ///< an attempt for what is left
  End,         ///< the attempt is to end early
  Save,        ///< nothing runs any more
  Again,       ///< another attempt, now or later
  Fail,        ///< for good
  Abort,       ///< by the user, or gone from the file
  Tick,        ///< its mark says that it is done
  Unreach,     ///< what it needs will not come
  Reach,       ///< what it needs may come again
  Rejoin,      ///< back in the task file
  Deliver,     ///< its work goes to who has delegated it
  Undo,        ///< what it landed is taken back
};

template <>
struct EnumNames<Step> {
  static constexpr std::pair<Step, std::string_view> kTable[] = {{Step::Start, "start"},
                                                                 {Step::Ready, "ready"},
                                                                 {Step::Block, "block"},
                                                                 {Step::Resume, "resume"},
                                                                 {Step::Check, "check"},
                                                                 {Step::Queue, "queue"},
                                                                 {Step::Land, "land"},
                                                                 {Step::Requeue, "requeue"},
                                                                 {Step::Return, "return"},
                                                                 {Step::Landed, "landed"},
                                                                 {Step::PartLanded, "part-landed"},
                                                                 {Step::Continue, "continue"},
                                                                 {Step::End, "end"},
                                                                 {Step::Save, "save"},
                                                                 {Step::Again, "again"},
                                                                 {Step::Fail, "fail"},
                                                                 {Step::Abort, "abort"},
                                                                 {Step::Deliver, "deliver"},
                                                                 {Step::Tick, "tick"},
                                                                 {Step::Unreach, "unreach"},
                                                                 {Step::Reach, "reach"},
                                                                 {Step::Rejoin, "rejoin"},
                                                                 {Step::Undo, "undo"}};
};

struct Arrow {
  TaskState from;
  Step step;
  TaskState to;
};

/// Every step that a task can take.
std::span<const Arrow> task_arrows();

/// Where the step leads; nothing: it cannot be taken there.
std::optional<TaskState> next_state(TaskState from, Step step);

/// Merged, Failed, Unreachable or Aborted: nothing happens to it any more by itself.
bool is_final(TaskState state);
/// Has it begun and not ended: does it hold its files?
bool is_active(TaskState state);
/// Does its attempt end early?
bool is_ending(TaskState state);

}  // namespace orch
