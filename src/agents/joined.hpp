#pragma once
// Two sources say what an agent is at: its screen, and its own program by the hooks that it calls.
// This is the one place that makes one statement of them.
//
// What its program says is an event: right at its time, and nothing tells when it is over. What its
// screen shows is a state: right for as long as it stands there, a moment late, and read by rules
// that may not know a screen. So what its program said counts at once where the screen does not say
// otherwise. Only an end of the turn has to be seen as well, as a text is typed then, and a dialog
// that is seen is believed, as is that it tries once more what has failed. Where they differ, the
// screen may only be late; if it stays so, nobody knows, and nothing is typed. But a failed turn
// that stays on the screen is believed: not every program tells of one.
#include "orch/base/time.hpp"
#include "orch/core/activity.hpp"
#include "orch/core/turn_error.hpp"

#include <chrono>
#include <string>

namespace orch {

/// What is known of an agent, as the core wants it.
struct Sighting {
  Activity activity = Activity::Busy;
  std::string kind;      ///< of what it asks for, or "retrying"
  std::string evidence;  ///< what it asks, or what says so, as one line
  std::string question;  ///< the id of what it asks; empty: there are no options to choose from
  bool stalled = false;
  Source source = Source::Screen;
  Ruling ruling{};                     ///< on a permission that its screen shows
  TurnError error = TurnError::Other;  ///< that it tries again and that only its user can mend

  bool operator==(const Sighting&) const = default;
};

enum class Certainty : std::uint8_t {
  Sure,      ///< counts at once
  Settling,  ///< counts when the screen has stood for its time
  Open,      ///< the two differ, and one of them may be late: nothing is told
  Unclear,   ///< they have differed for too long: nobody knows what it is at
};

struct Joined {
  Sighting sighting;
  Certainty certainty = Certainty::Settling;
};

/// A screen may be late by so much.
inline constexpr Span kScreenIsLate = std::chrono::seconds(5);
/// A failure that is shown for so long after a turn began is not of the turn before.
inline constexpr Span kFailureIsOfThisTurn = std::chrono::seconds(3);
/// The user is told of a contradiction that has lasted for so long.
inline constexpr Span kContradictionIsTold = std::chrono::seconds(30);

/// `screen` is what is seen now. `own` is what its program said last, or nothing where that is
/// over, and `age` how long ago that was.
Joined joined(const Sighting& screen, const OwnWord& own, Span age);

}  // namespace orch
