#pragma once
// Everything that can happen, one struct each, all plain data.
#include "orch/base/enum_names.hpp"
#include "orch/core/effect.hpp"
#include "orch/core/rules.hpp"
#include "orch/core/task.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace orch {

// ---- outcomes: how an effect ended -----------------------------------------------------------

/// It could not be done. `transient`: trying again may help (a lock, tmux), which the outbox does.
struct NotDone {
  static constexpr std::string_view kName = "not_done";
  std::string why;
  std::string hint;
  bool transient = false;
  bool no_space = false;  ///< the disk is full: transient, and waited for as long as it takes
  bool operator==(const NotDone&) const = default;
};

struct WorktreeReady {
  static constexpr std::string_view kName = "worktree_ready";
  std::string worktree;
  std::string branch;
  CommitId start;
  std::string note{};  ///< of the set-up and the trash; empty: nothing to say
  bool operator==(const WorktreeReady&) const = default;
};

struct AgentStarted {
  static constexpr std::string_view kName = "agent_started";
  std::string window;
  std::string pane;
  std::int64_t pid = 0;         ///< of the shim, and what makes it that process and no other:
  std::uint64_t pid_start = 0;  ///< clock ticks since boot
  std::string boot{};
  std::string token{};  ///< proves a report of this attempt where ancestors cannot be seen
  bool operator==(const AgentStarted&) const = default;
};

/// Done, and there is nothing to say about it.
struct Done {
  static constexpr std::string_view kName = "done";
  bool operator==(const Done&) const = default;
};

struct WorkCollected {
  static constexpr std::string_view kName = "work_collected";
  CommitId work;  ///< what is to land
  bool changed = false;
  std::string note;  ///< "2 files were left uncommitted: a.c, b.c"; empty: nothing to say
  bool operator==(const WorkCollected&) const = default;
};

struct WorkRescued {
  static constexpr std::string_view kName = "work_rescued";
  std::string ref;     ///< empty: there was nothing to save
  std::string note{};  ///< what of the worktree is in the trash; empty: nothing to say
  bool operator==(const WorkRescued&) const = default;
};

struct LandingPrepared {
  static constexpr std::string_view kName = "landing_prepared";
  CommitId candidate;
  bool operator==(const LandingPrepared&) const = default;
};

struct LandingConflicts {
  static constexpr std::string_view kName = "landing_conflicts";
  std::vector<std::string> files;
  bool operator==(const LandingConflicts&) const = default;
};

struct Tested {
  static constexpr std::string_view kName = "tested";
  bool passed = false;
  std::string why;  ///< "make check exited with 2"; empty when it passed
  std::string log;  ///< path
  bool operator==(const Tested&) const = default;
};

struct Landed {
  static constexpr std::string_view kName = "landed";
  CommitId tip;
  bool operator==(const Landed&) const = default;
};

/// Somebody else moved the branch; nothing was done.
struct BranchMoved {
  static constexpr std::string_view kName = "branch_moved";
  CommitId tip;
  bool operator==(const BranchMoved&) const = default;
};

/// The person's branch could not follow; `command` catches up later.
struct StayedBehind {
  static constexpr std::string_view kName = "stayed_behind";
  std::string why;
  std::string command;
  bool operator==(const StayedBehind&) const = default;
};

using Outcome =
    std::variant<NotDone, WorktreeReady, AgentStarted, Done, WorkCollected, WorkRescued,
                 LandingPrepared, LandingConflicts, Tested, Landed, BranchMoved, StayedBehind>;

// ---- events ----------------------------------------------------------------------------------

/// The first event of a run.
struct RunStarted {
  static constexpr std::string_view kName = "run_started";
  Rules rules;
  std::vector<TaskSpec> tasks;
  CommitId base;  ///< the base branch's tip: where the integration branch begins
  /// What earlier runs merged and could not tick, with the commits; the base has them.
  std::map<TaskId, CommitId> merged{};
  bool operator==(const RunStarted&) const = default;
};

/// `up` on a run that exists: after a crash, a `down`, or to try again what failed.
struct RunResumed {
  static constexpr std::string_view kName = "run_resumed";
  Rules rules;
  std::vector<TaskSpec> tasks;
  bool retry_failed = false;
  std::vector<TaskId> unticked{};  ///< as in TasksChanged
  bool operator==(const RunResumed&) const = default;
};

struct TasksChanged {
  static constexpr std::string_view kName = "tasks_changed";
  std::vector<TaskSpec> tasks;
  std::vector<TaskId> unticked{};  ///< whose mark the user took back
  bool operator==(const TasksChanged&) const = default;
};

/// An effect ended. Ignored unless the effect is still in the outbox, so it counts once.
struct EffectEnded {
  static constexpr std::string_view kName = "effect_ended";
  EffectId effect = 0;
  Outcome outcome;
  bool operator==(const EffectEnded&) const = default;
};

enum class ExitKind : std::uint8_t {
  Code,        ///< it ended by itself
  Signal,      ///< a signal ended it
  Stopped,     ///< we, or somebody by the shim, asked it to
  Hangup,      ///< its terminal went away: window closed, tmux server dead
  Lost,        ///< the shim itself was killed, or the machine went down
  NotStarted,  ///< folder or command missing
};

template <>
struct EnumNames<ExitKind> {
  static constexpr std::pair<ExitKind, std::string_view> kTable[] = {
      {ExitKind::Code, "code"},       {ExitKind::Signal, "signal"},
      {ExitKind::Stopped, "stopped"}, {ExitKind::Hangup, "hangup"},
      {ExitKind::Lost, "lost"},       {ExitKind::NotStarted, "not-started"}};
};

struct AgentExited {
  static constexpr std::string_view kName = "agent_exited";
  TaskId task;
  int attempt = 0;
  ExitKind kind = ExitKind::Code;
  int code = 0;
  std::string why;
  bool operator==(const AgentExited&) const = default;
};

enum class ReportKind : std::uint8_t { Done, Blocked, Progress, Notify };

template <>
struct EnumNames<ReportKind> {
  static constexpr std::pair<ReportKind, std::string_view> kTable[] = {
      {ReportKind::Done, "done"},
      {ReportKind::Blocked, "blocked"},
      {ReportKind::Progress, "progress"},
      {ReportKind::Notify, "notify"}};
};

/// An agent spoke about its own task. `id` makes it count once.
struct AgentReported {
  static constexpr std::string_view kName = "agent_reported";
  std::string id;
  TaskId task;
  int attempt = 0;
  ReportKind kind = ReportKind::Notify;
  std::string text;
  double progress = 0;
  CommitId head;                   ///< of its worktree, when it said done
  bool no_changes = false;         ///< `done --no-changes`
  std::vector<std::string> items;  ///< `done --items`: only these; empty: all of its task
  bool operator==(const AgentReported&) const = default;
};

enum class Verb : std::uint8_t { Abort, Retry, Merge, Hold, Release, Down, DownKeepAgents };

template <>
struct EnumNames<Verb> {
  static constexpr std::pair<Verb, std::string_view> kTable[] = {
      {Verb::Abort, "abort"},
      {Verb::Retry, "retry"},
      {Verb::Merge, "merge"},
      {Verb::Hold, "hold"},
      {Verb::Release, "release"},
      {Verb::Down, "down"},
      {Verb::DownKeepAgents, "down-keep-agents"}};
};

/// A person asked for something. An empty task with Abort or Hold means all of them.
struct PersonAsked {
  static constexpr std::string_view kName = "person_asked";
  Verb verb = Verb::Hold;
  TaskId task;
  bool operator==(const PersonAsked&) const = default;
};

/// The base branch is somewhere the run did not put it.
struct BaseMoved {
  static constexpr std::string_view kName = "base_moved";
  CommitId tip;
  bool operator==(const BaseMoved&) const = default;
};

/// A time that next_wake() named has come.
struct ClockTicked {
  static constexpr std::string_view kName = "clock_ticked";
  bool operator==(const ClockTicked&) const = default;
};

using Event = std::variant<RunStarted, RunResumed, TasksChanged, EffectEnded, AgentExited,
                           AgentReported, PersonAsked, BaseMoved, ClockTicked>;

/// The reason, and what to do about it.
std::string text_of(const NotDone& failure);
std::string_view name_of(const Event& event);
std::string_view name_of(const Outcome& outcome);

}  // namespace orch
