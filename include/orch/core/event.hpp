#pragma once
// Everything that can happen, one struct each, all plain data.
#include "orch/base/enum_names.hpp"
#include "orch/base/fields.hpp"
#include "orch/core/activity.hpp"
#include "orch/core/agent_run.hpp"
#include "orch/core/anomaly.hpp"
#include "orch/core/conflict.hpp"
#include "orch/core/effect.hpp"
#include "orch/core/rules.hpp"
#include "orch/core/task.hpp"
#include "orch/core/usage.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace orch {

/// The memory of the machine has become short, or there is enough of it again.
struct MemorySeen {
  static constexpr std::string_view kName = "memory_seen";
  bool is_short = false;
  std::int64_t available = 0;  ///< bytes
  TaskId biggest{};            ///< whose agent has most of it; empty: no agent has any
  std::int64_t memory = 0;     ///< that it has
  int processes = 0;           ///< in so many
  ORCH_FIELDS(is_short, available, biggest, memory, processes)
  bool operator==(const MemorySeen&) const = default;
};

/// The first event of a run.
struct RunStarted {
  static constexpr std::string_view kName = "run_started";
  Rules rules;
  std::vector<TaskSpec> tasks;
  CommitId base;  ///< the base branch's tip: where the integration branch begins
  /// What earlier runs merged and could not tick, with the commits; the base has them.
  std::map<TaskId, CommitId> merged{};
  MemorySeen memory{};  ///< as it is before an agent of the run has any
  ORCH_FIELDS(rules, tasks, base, merged, memory)
  bool operator==(const RunStarted&) const = default;
};

/// `up` on a run that exists: after a crash, a `down`, or to try again what failed.
struct RunResumed {
  static constexpr std::string_view kName = "run_resumed";
  Rules rules;
  std::vector<TaskSpec> tasks;
  bool retry_failed = false;
  std::vector<TaskId> unticked{};  ///< as in TasksChanged
  MemorySeen memory{};             ///< as in RunStarted
  ORCH_FIELDS(rules, tasks, retry_failed, unticked, memory)
  bool operator==(const RunResumed&) const = default;
};

struct TasksChanged {
  static constexpr std::string_view kName = "tasks_changed";
  std::vector<TaskSpec> tasks;
  std::vector<TaskId> unticked{};  ///< whose mark the user took back
  ORCH_FIELDS(tasks, unticked)
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
  int code = 0;              ///< of its exit, or the signal
  std::string why;           ///< NotStarted: as its shim said
  std::string last_words{};  ///< of a program that failed: the end of what it printed, one line
  ORCH_FIELDS(task, attempt, kind, code, why, last_words)
  bool operator==(const AgentExited&) const = default;
};

enum class ReportKind : std::uint8_t {
  Done,
  Blocked,
  Progress,
  Notify,
  Hook,         ///< not the agent itself: its program, which called a hook of ours
  DoneRefused,  ///< it said done, and was told why that is not so yet (text)
  Send,         ///< a text for somebody (to, reply_to)
  Acknowledge,  ///< that it has a message (reply_to)
  Lock,         ///< that it changes these paths (items)
  Delegate,     ///< that another agent does something for it (text; to: the kind; head)
  Unlock,       ///< and does so no more (items; none: all that it has locked)
};

template <>
struct EnumNames<ReportKind> {
  static constexpr std::pair<ReportKind, std::string_view> kTable[] = {
      {ReportKind::Done, "done"},         {ReportKind::Blocked, "blocked"},
      {ReportKind::Progress, "progress"}, {ReportKind::Notify, "notify"},
      {ReportKind::Hook, "hook"},         {ReportKind::DoneRefused, "done-refused"},
      {ReportKind::Send, "send"},         {ReportKind::Acknowledge, "acknowledge"},
      {ReportKind::Lock, "lock"},         {ReportKind::Delegate, "delegate"},
      {ReportKind::Unlock, "unlock"}};
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
  HookCall hook;                   ///< ReportKind::Hook
  std::string to{};                ///< Send: whom, as it was written; empty: who is replied to
  MessageNumber reply_to = 0;      ///< Send, Acknowledge
  ORCH_FIELDS(id, task, attempt, kind, text, progress, head, no_changes, items, hook, to, reply_to)
  bool operator==(const AgentReported&) const = default;
};

/// An agent is at something else than before, or a rule says something else to what it asks: told
/// once, when that is sure.
struct AgentSeen {
  static constexpr std::string_view kName = "agent_seen";
  TaskId task;
  int attempt = 0;
  Activity activity = Activity::Unknown;
  std::string kind;      ///< of what it asks for
  std::string evidence;  ///< one line
  std::string question;  ///< the id of what it asks, where it has options
  bool stalled = false;  ///< busy, and without progress for the time that the limits name
  Source source = Source::Screen;
  Ruling ruling{};                     ///< on a permission that it asks for
  TurnError error = TurnError::Other;  ///< Failed: what kind it seems to be
  Span opens_in{0};                    ///< it may be tried again then; 0: not known
  ORCH_FIELDS(task, attempt, activity, kind, evidence, question, stalled, source, ruling, error,
              opens_in)
  bool operator==(const AgentSeen&) const = default;
};

/// A person has begun to type in an agent's window, or has left it.
struct ControlSeen {
  static constexpr std::string_view kName = "control_seen";
  TaskId task;
  int attempt = 0;
  Control control = Control::User;
  ORCH_FIELDS(task, attempt, control)
  bool operator==(const ControlSeen&) const = default;
};

/// What an agent has used so far. Told when it has changed, and not more often than every few
/// seconds.
struct AgentUsed {
  static constexpr std::string_view kName = "agent_used";
  TaskId task;
  int attempt = 0;
  std::string conversation;  ///< its file or its id: an earlier attempt may have begun it
  Usage usage;               ///< of the whole conversation
  ORCH_FIELDS(task, attempt, conversation, usage)
  bool operator==(const AgentUsed&) const = default;
};

/// How much there is of something that may be wrong with an agent. Told when that has changed, and
/// not more often than every few seconds.
struct AnomalySeen {
  static constexpr std::string_view kName = "anomaly_seen";
  TaskId task;
  int attempt = 0;
  Anomaly anomaly = Anomaly::Loop;
  std::int64_t amount = 0;  ///< in the unit of the rule
  std::int64_t serial = 0;  ///< grows with all that happens of it; 0: nothing has
  std::string evidence;     ///< one line
  ORCH_FIELDS(task, attempt, anomaly, amount, serial, evidence)
  bool operator==(const AnomalySeen&) const = default;
};

enum class Verb : std::uint8_t {
  Abort,
  Retry,
  Merge,
  Undo,
  Hold,
  Release,
  ReleaseWith,  ///< an answer for the agent of a blocked task
  Send,
  SendNow,
  Acknowledge,  ///< the user has the message reply_to
  Read,         ///< the user has been shown the messages to them, up to reply_to
  Answer,
  AnswerAlways,  ///< and the same question from then on
  Down,
  DownKeepAgents,
  Make,      ///< tasks that are not of the task file
  MakeHeld,  ///< the same, and they wait until they are released
  Reassign,  ///< to another kind of agent; begun work begins again with it
  Compact,   ///< its agent is to shorten its conversation
  Unlock,    ///< paths that its agent has locked
};

template <>
struct EnumNames<Verb> {
  static constexpr std::pair<Verb, std::string_view> kTable[] = {
      {Verb::Abort, "abort"},
      {Verb::Retry, "retry"},
      {Verb::Merge, "merge"},
      {Verb::Undo, "undo"},
      {Verb::Hold, "hold"},
      {Verb::Release, "release"},
      {Verb::ReleaseWith, "release-with"},
      {Verb::Send, "send"},
      {Verb::SendNow, "send-now"},
      {Verb::Acknowledge, "acknowledge"},
      {Verb::Read, "read"},
      {Verb::Answer, "answer"},
      {Verb::AnswerAlways, "answer-always"},
      {Verb::Down, "down"},
      {Verb::DownKeepAgents, "down-keep-agents"},
      {Verb::Make, "make"},
      {Verb::MakeHeld, "make-held"},
      {Verb::Reassign, "reassign"},
      {Verb::Compact, "compact"},
      {Verb::Unlock, "unlock"}};
};

/// The verb as a person types it.
std::string_view typed_word(Verb verb);

/// The user asked for something. An empty task with Abort or Hold means all of them.
struct UserAsked {
  static constexpr std::string_view kName = "person_asked";
  Verb verb = Verb::Hold;
  TaskId task;
  std::string message{};  ///< Send, SendNow, ReleaseWith: its id; Answer: of the question
  /// Send, SendNow, ReleaseWith; Answer: "yes", "no", or the label of an option; Reassign: the
  /// kind; Unlock: the paths, one a line, or none for all of them.
  std::string text{};
  std::string to{};  ///< Send, SendNow: whom, as it was written; empty: `task`, or who is
                     ///< replied to
  MessageNumber reply_to = 0;
  std::vector<TaskSpec> tasks{};  ///< Make, MakeHeld
  TaskId by{};                    ///< whose agent asks; empty: the user
  ORCH_FIELDS(verb, task, message, text, to, reply_to, tasks, by)
  bool operator==(const UserAsked&) const = default;
};

/// The base branch is somewhere the run did not put it.
struct BaseMoved {
  static constexpr std::string_view kName = "base_moved";
  CommitId tip;
  ORCH_FIELDS(tip)
  bool operator==(const BaseMoved&) const = default;
};

/// The integration branch is at a commit where the run has not put it.
struct IntegrationMoved {
  static constexpr std::string_view kName = "integration_moved";
  CommitId tip;
  ORCH_FIELDS(tip)
  bool operator==(const IntegrationMoved&) const = default;
};

/// Files of the user's checkout were edited while agents were at work.
struct CheckoutChanged {
  static constexpr std::string_view kName = "checkout_changed";
  std::string files;  ///< "a.c and 2 more"
  ORCH_FIELDS(files)
  bool operator==(const CheckoutChanged&) const = default;
};

/// With whose work that of a task cannot be merged now. Told when that has changed.
struct ConflictsForeseen {
  static constexpr std::string_view kName = "conflicts_foreseen";
  TaskId task;
  std::vector<ForeseenConflict> conflicts;  ///< empty: with none any more
  ORCH_FIELDS(task, conflicts)
  bool operator==(const ConflictsForeseen&) const = default;
};

/// An agent has had nearly all of the machine for a minute, and others starved meanwhile.
struct AgentOverloads {
  static constexpr std::string_view kName = "agent_overloads";
  TaskId task;
  int attempt = 0;
  int percent = 0;              ///< of all processors, that it has
  std::vector<TaskId> starved;  ///< whose agents wanted a processor and hardly had one
  ORCH_FIELDS(task, attempt, percent, starved)
  bool operator==(const AgentOverloads&) const = default;
};

/// A time that next_wake() named has come.
struct ClockTicked {
  static constexpr std::string_view kName = "clock_ticked";
  bool operator==(const ClockTicked&) const = default;
};

using Event = std::variant<RunStarted, RunResumed, TasksChanged, EffectEnded, AgentExited,
                           AgentReported, AgentSeen, ControlSeen, AgentUsed, UserAsked, BaseMoved,
                           MemorySeen, AgentOverloads, AnomalySeen, IntegrationMoved,
                           CheckoutChanged, ConflictsForeseen, ClockTicked>;

std::string_view name_of(const Event& event);

}  // namespace orch
