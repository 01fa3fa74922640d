#pragma once
// What may be wrong with an agent that seems to be at work, and the user's rules for what is done
// about it.
#include "orch/base/enum_names.hpp"
#include "orch/base/fields.hpp"
#include "orch/base/time.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orch {

/// In brackets what is counted of it.
enum class Anomaly : std::uint8_t {
  ToolErrors,      ///< its tools fail (calls that have failed in a row)
  MalformedCalls,  ///< it calls tools in a form that nobody can read (such calls in a row)
  Loop,            ///< it does the same again and again (the same calls in a row)
  Context,         ///< its conversation is nearly full (percent)
  OutsideEdit,     ///< its tools have written outside of its worktree (files)
  Scope,           ///< and what its task does not name (files)
  BlankStart,      ///< nothing is on its screen since it was started (seconds)
  Frozen,          ///< its processes are stopped (seconds)
  RunawayOutput,   ///< it prints without end (megabytes a minute)
  OtherBranch,     ///< its worktree is on another branch than its own (1)
  OtherWorktree,   ///< its tools have written where another task or the user is at work (files)
  Conflict,        ///< its commits conflict with those of another task (files)
  BadReport,       ///< its status file is none that counts (1)
};

template <>
struct EnumNames<Anomaly> {
  static constexpr std::pair<Anomaly, std::string_view> kTable[] = {
      {Anomaly::ToolErrors, "tool-errors"},
      {Anomaly::MalformedCalls, "malformed-calls"},
      {Anomaly::Loop, "loop"},
      {Anomaly::Context, "context"},
      {Anomaly::OutsideEdit, "outside-edit"},
      {Anomaly::Scope, "scope"},
      {Anomaly::BlankStart, "blank-start"},
      {Anomaly::Frozen, "frozen"},
      {Anomaly::RunawayOutput, "runaway-output"},
      {Anomaly::OtherBranch, "other-branch"},
      {Anomaly::OtherWorktree, "other-worktree"},
      {Anomaly::Conflict, "conflict"},
      {Anomaly::BadReport, "bad-report"}};
};

enum class AnomalySeverity : std::uint8_t { Low, Medium, High };

template <>
struct EnumNames<AnomalySeverity> {
  static constexpr std::pair<AnomalySeverity, std::string_view> kTable[] = {
      {AnomalySeverity::Low, "low"},
      {AnomalySeverity::Medium, "medium"},
      {AnomalySeverity::High, "high"}};
};

enum class AnomalyAction : std::uint8_t {
  Note,       ///< nothing but an event
  Message,    ///< a text, typed when its turn is over
  Interrupt,  ///< its turn is ended, then that text
  Restart,    ///< its attempt fails, and the next one begins a conversation of its own
  Abort,      ///< its attempt ends, and its task waits for the user
  Pause,      ///< no agent of its kind is started for as long as the rule's cool-down; it goes on
  Tell,       ///< the user is asked to look, and it goes on
};

template <>
struct EnumNames<AnomalyAction> {
  static constexpr std::pair<AnomalyAction, std::string_view> kTable[] = {
      {AnomalyAction::Note, "note"},
      {AnomalyAction::Message, "message"},
      {AnomalyAction::Interrupt, "interrupt"},
      {AnomalyAction::Restart, "restart"},
      {AnomalyAction::Abort, "abort"},
      {AnomalyAction::Pause, "pause"},
      {AnomalyAction::Tell, "tell"}};
};

struct AnomalyRule {
  AnomalySeverity severity = AnomalySeverity::Medium;
  std::int64_t threshold = 0;  ///< it fires from so much on
  /// What is done the first time in an attempt, the second, and so on; the last one stays. Empty:
  /// the rule is off.
  std::vector<AnomalyAction> actions;
  Span cool_down{0};    ///< it does not fire again before
  std::string message;  ///< what is typed

  ORCH_FIELDS(severity, threshold, actions, cool_down, message)
  bool operator==(const AnomalyRule&) const = default;
};

using AnomalyRules = std::map<std::string, AnomalyRule>;  ///< by the name of the anomaly

/// What a rule has come to in an attempt.
struct AnomalyRecord {
  int fired = 0;
  int steps = 0;                               ///< of its actions that were taken
  Time at{};                                   ///< when it fired last ...
  AnomalyAction action = AnomalyAction::Note;  ///< ... what was done ...
  std::int64_t amount = 0;                     ///< ... of how much ...
  std::string evidence;                        ///< ... in one line: untrusted text
  std::int64_t serial = 0;                     ///< of that evidence; 0: it has been over since

  ORCH_FIELDS(fired, steps, at, action, amount, evidence, serial)
  bool operator==(const AnomalyRecord&) const = default;
};

}  // namespace orch
