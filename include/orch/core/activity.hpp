#pragma once
// What an agent that lives is at, as far as it can be told from outside.
#include "orch/base/enum_names.hpp"
#include "orch/base/fields.hpp"
#include "orch/base/time.hpp"

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

/// The turn that an agent is in, or was in last.
struct AgentTurn {
  Activity activity = Activity::Busy;  ///< it begins with its first prompt
  std::string kind;                    ///< of what it asks for: "permission", "question", "trust"
  std::string evidence;                ///< what said so, as one line: untrusted text of its screen
  std::string question;                ///< the id of what it asks, where it has options
  Time since{};
  std::optional<Time> stalled_since;  ///< busy and without progress since

  /// Can nobody but the user go on with it?
  bool waits_for_user() const {
    return activity == Activity::Asking || activity == Activity::Failed ||
           activity == Activity::Idle;
  }

  ORCH_FIELDS(activity, kind, evidence, question, since, stalled_since)
  bool operator==(const AgentTurn&) const = default;
};

}  // namespace orch
