#pragma once
// What an agent that lives is at, as far as it can be told from outside.
#include "orch/base/enum_names.hpp"
#include "orch/base/fields.hpp"
#include "orch/base/time.hpp"
#include "orch/core/ruling.hpp"
#include "orch/core/turn_error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace orch {

enum class Activity : std::uint8_t {
  Unknown,  ///< what is seen of it cannot be read, or contradicts itself
  Busy,     ///< at work, or trying an API call again
  Idle,     ///< its turn is over, and it waits for a text
  Asking,   ///< it waits for an answer: a permission, a question, a dialog
  Failed,   ///< its turn ended in an error
};

template <>
struct EnumNames<Activity> {
  static constexpr std::pair<Activity, std::string_view> kTable[] = {{Activity::Unknown, "unknown"},
                                                                     {Activity::Busy, "busy"},
                                                                     {Activity::Idle, "idle"},
                                                                     {Activity::Asking, "asking"},
                                                                     {Activity::Failed, "failed"}};
};

/// Who says what an agent is at.
enum class Source : std::uint8_t {
  Screen,
  Hook,  ///< its own program, which called a hook of ours
  Both,
};

template <>
struct EnumNames<Source> {
  static constexpr std::pair<Source, std::string_view> kTable[] = {
      {Source::Screen, "screen"}, {Source::Hook, "hook"}, {Source::Both, "both"}};
};

/// What an agent's own program said when it called a hook of ours.
struct HookCall {
  std::string event;                      ///< as that program names it: "Stop"; empty: none
  std::string session;                    ///< the id by which it can be resumed; may be empty
  Activity activity = Activity::Unknown;  ///< what it is at from then on; unknown: it does not say
  std::string kind;                       ///< of what it asks for: "permission"
  std::string text;                       ///< one line: untrusted text
  bool reminded = false;                  ///< it was told by its hook that it has not reported
  Subject asks_for{};                     ///< of a permission: in full, or without its text
  bool replaces = false;  ///< its user or its program has put that session in the place of another

  std::string log{};  ///< the file of its conversation; empty: not said

  ORCH_FIELDS(event, session, activity, kind, text, reminded, asks_for, replaces, log)
  bool operator==(const HookCall&) const = default;
};

/// What an agent's own program said last of what it is at.
struct OwnWord {
  std::string event;  ///< empty: it has said nothing of its present turn
  Activity activity = Activity::Unknown;
  std::string kind;
  std::string text;
  Time at{};
  Subject asks_for{};

  bool is_there() const { return !event.empty(); }

  ORCH_FIELDS(event, activity, kind, text, at, asks_for)
  bool operator==(const OwnWord&) const = default;
};

/// What became of what a rule says to the question that an agent asks.
enum class RuleStep : std::uint8_t {
  None,      ///< no rule answers it, or not yet
  UnderWay,  ///< a rule's answer is being given
  Failed,    ///< it could not be given: the question is left to the user
};

template <>
struct EnumNames<RuleStep> {
  static constexpr std::pair<RuleStep, std::string_view> kTable[] = {
      {RuleStep::None, "none"}, {RuleStep::UnderWay, "under-way"}, {RuleStep::Failed, "failed"}};
};

/// The turn that an agent is in, or was in last.
struct AgentTurn {
  Activity activity = Activity::Busy;  ///< it begins with its first prompt
  std::string kind;                    ///< of what it asks for: "permission", "question", "trust"
  std::string evidence;                ///< what said so, as one line: untrusted text of its screen
  std::string question;                ///< the id of what it asks, where it has options
  Time since{};
  std::optional<Time> stalled_since;  ///< busy and without progress since
  Source source = Source::Screen;     ///< of the activity
  Ruling ruling{};                    ///< on what it asks for
  RuleStep rule_step = RuleStep::None;
  TurnError error = TurnError::Other;  ///< that it ended in
  Span opens_in{0};                    ///< it may be tried again so long after; 0: not known
  std::optional<Time> continue_at;     ///< it has failed, and is told to continue then
  bool put_back = false;               ///< we ended it, and its text stands in the prompt again

  /// Can nobody but the user go on with it?
  bool waits_for_user() const {
    const bool asks = activity == Activity::Asking && rule_step != RuleStep::UnderWay;
    const bool failed = activity == Activity::Failed && !continue_at;
    return asks || failed || activity == Activity::Idle;
  }

  ORCH_FIELDS(activity, kind, evidence, question, since, stalled_since, source, ruling, rule_step,
              error, opens_in, continue_at, put_back)
  bool operator==(const AgentTurn&) const = default;
};

}  // namespace orch
