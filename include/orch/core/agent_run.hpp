#pragma once
// One process of an agent, from its worker to its end, and the steps between.
#include "orch/base/enum_names.hpp"
#include "orch/base/fields.hpp"
#include "orch/base/time.hpp"
#include "orch/core/activity.hpp"
#include "orch/core/anomaly.hpp"
#include "orch/core/ids.hpp"
#include "orch/core/reason.hpp"
#include "orch/core/role.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace orch {

/// Counts within a run, from 1; 0: none.
using AgentRunId = std::int64_t;

/// Where its process is.
enum class AgentPhase : std::uint8_t {
  Assigned,  ///< it has a worker; its worktree is being made
  Starting,  ///< its window is being opened
  Live,      ///< it was started, or may have been, and is not known to have ended
  Exiting,   ///< it is being ended
  Exited,
};

template <>
struct EnumNames<AgentPhase> {
  static constexpr std::pair<AgentPhase, std::string_view> kTable[] = {
      {AgentPhase::Assigned, "assigned"},
      {AgentPhase::Starting, "starting"},
      {AgentPhase::Live, "live"},
      {AgentPhase::Exiting, "exiting"},
      {AgentPhase::Exited, "exited"}};
};

/// What moves it from one phase to the next.
enum class AgentStep : std::uint8_t {
  Start,  ///< its worktree is there
  Live,   ///< its start is confirmed, or cannot be ruled out
  Stop,   ///< it is asked to end
  Exit,   ///< it has ended, or nothing more can be done about it
};

template <>
struct EnumNames<AgentStep> {
  static constexpr std::pair<AgentStep, std::string_view> kTable[] = {{AgentStep::Start, "start"},
                                                                      {AgentStep::Live, "live"},
                                                                      {AgentStep::Stop, "stop"},
                                                                      {AgentStep::Exit, "exit"}};
};

struct AgentArrow {
  AgentPhase from;
  AgentStep step;
  AgentPhase to;
};

/// Every step that an agent can take.
std::span<const AgentArrow> agent_arrows();

/// Where the step leads; nothing: it cannot be taken there.
std::optional<AgentPhase> next_phase(AgentPhase from, AgentStep step);

/// Who types into its window.
enum class Control : std::uint8_t {
  Ours,  ///< we do, when there is something to tell it
  User,  ///< the user has taken over: texts, reminders and limits wait
};

template <>
struct EnumNames<Control> {
  static constexpr std::pair<Control, std::string_view> kTable[] = {{Control::Ours, "ours"},
                                                                    {Control::User, "user"}};
};

/// A process and what makes it that one and no other: the number alone may be somebody else's by
/// now, and says nothing about another host.
struct HostedProcess {
  std::string host;  ///< empty: this machine
  std::int64_t pid = 0;
  std::uint64_t start = 0;  ///< clock ticks since boot
  std::string boot;         ///< the id of that boot

  ORCH_FIELDS(host, pid, start, boot)
  bool operator==(const HostedProcess&) const = default;
};

/// Why no further attempt goes on with the conversation of this one.
enum class Spoilt : std::uint8_t {
  No,
  ContextFull,     ///< it takes no more
  Loop,            ///< its agent did the same again and again
  MalformedCalls,  ///< its agent called its tools in a form that nobody can read
  Refused,         ///< its program did not go on with it
};

template <>
struct EnumNames<Spoilt> {
  static constexpr std::pair<Spoilt, std::string_view> kTable[] = {
      {Spoilt::No, "no"},
      {Spoilt::ContextFull, "context-full"},
      {Spoilt::Loop, "loop"},
      {Spoilt::MalformedCalls, "malformed-calls"},
      {Spoilt::Refused, "refused"}};
};

/// Can it be the id of a conversation: up to 80 letters, digits, `-` and `_`, the first none of
/// these two? It goes into a command line, and who says it is an agent's program.
bool is_session_id(std::string_view id);

/// An agent whose turn is over without a report is told so that often in an attempt, not more.
inline constexpr int kReminders = 2;

/// A turn that hangs is ended that often in an attempt; then the user is asked.
inline constexpr int kInterrupts = 2;

/// What has been wrong with it.
struct AgentHealth {
  std::map<std::string, AnomalyRecord> anomalies;  ///< by the names of the rules that have fired
  int guidances = 0;                               ///< how often it was told so
  Reason concern;  ///< why the user is to look at it, though it goes on; none: it is well

  ORCH_FIELDS(anomalies, guidances, concern)
  bool operator==(const AgentHealth&) const = default;
};

struct AgentRun {
  AgentRunId id = 0;
  Role role = Role::Implementer;
  TaskId task;
  int attempt = 0;  ///< of the task, from 1
  int worker = 0;   ///< 1..N: whose place it took
  std::string kind;
  std::string worktree;
  std::string branch;
  CommitId start;  ///< where the branch began
  std::string window;
  std::string pane;
  HostedProcess shim;
  std::string token;  ///< its reports carry it
  AgentPhase phase = AgentPhase::Assigned;
  Time began{};
  std::optional<Time> busy_since;  ///< the clock of the time limit runs since
  Span busy{0};                    ///< and has run for
  std::vector<std::string> items;  ///< of the task file: what it was given, then what it has done
  bool no_changes = false;         ///< it is right that nothing changed
  bool said_done = false;          ///< looked at as soon as no effect is in the way
  bool reported = false;           ///< it has said something
  std::string last_words;          ///< what it said when it was done
  AgentTurn turn;                  ///< as it was seen last
  OwnWord own;                     ///< and as its own program said
  std::string session;             ///< by which its program can resume it; empty: not known
  bool session_told = false;       ///< its program itself has named it
  Spoilt spoilt = Spoilt::No;      ///< its conversation
  std::string offered;   ///< the id it was started with: there is such a session once it is at work
  bool resumed = false;  ///< it was to go on with the session of the attempt before
  std::optional<Time> type_after;  ///< no message is typed before: a person was typing
  int reminders = 0;               ///< how often it was told that it has not reported
  int continues = 0;               ///< how often it was told to continue after an error
  int interrupts = 0;              ///< how often its turn was ended, as it hung
  Time interrupted{};              ///< when that was tried last
  int answers = 0;                 ///< to its questions, by the user
  Control control = Control::Ours;
  Time control_since{};      ///< what was typed before is of no concern
  bool has_orphans = false;  ///< its shim was killed: what it had started may live
  bool overloads = false;    ///< it was told that it takes the machine from the others
  std::string log;  ///< the file of its conversation, as its program said; empty: not known
  AgentHealth health;
  int told = 0;  ///< texts that were typed for it

  /// Is there a process that may be at work?
  bool is_alive() const { return phase == AgentPhase::Live || phase == AgentPhase::Exiting; }

  /// Is there something of it that has to be ended?
  bool is_to_be_stopped() const { return is_alive() || has_orphans; }

  ORCH_FIELDS(id, role, task, attempt, worker, kind, worktree, branch, start, window, pane, shim,
              token, phase, began, busy_since, busy, items, no_changes, said_done, reported,
              last_words, turn, own, session, session_told, spoilt, offered, resumed, type_after,
              reminders, continues, interrupts, interrupted, answers, control, control_since,
              has_orphans, overloads, log, health, told)
  bool operator==(const AgentRun&) const = default;
};

}  // namespace orch
