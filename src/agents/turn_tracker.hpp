#pragma once
// From looks at an agent's screen, and what its program says by its hooks, to what it is at: told
// only when it is sure.
//
// A screen is between two states for a moment, an agent is idle between its start and its first
// turn, and a dialog blinks: so a state counts when it has stood for a while. A spinner moves also
// when a request hangs, and a row is half drawn for a moment: progress is what changes besides
// (agents/screen/fingerprint.hpp) and does not go back at the next look, or a tool that runs. What
// is tried again for as long, and only its user can mend, is a turn that has failed.
#include "agents/joined.hpp"
#include "agents/screen/classify.hpp"
#include "agents/screen/fingerprint.hpp"
#include "orch/base/time.hpp"
#include "orch/core/activity.hpp"

#include <cstdint>
#include <optional>

namespace orch {

/// Nothing for a pane that is dead: of that another one tells.
std::optional<Sighting> sighting_of(const ScreenReading& reading, const Screen& screen);

class TurnTracker {
 public:
  /// `stall`: busy for so long without progress is stalled.
  TurnTracker(Span stall, Time now);

  /// What the screen shows at this time.
  void see(const Sighting& sighting, const Fingerprint& fingerprint, Time now);

  /// What it showed last.
  Activity shown() const { return seen_.activity; }

  /// Its first turn has begun, or was too short to be seen.
  void got_to_work() { was_up_ = true; }

  bool is_up() const { return was_up_; }

  /// What the rules say to the permission that the screen shows; where it shows none, nothing.
  void rule(Ruling ruling);

  /// What its program said last; the same again is no news. What the screen shows of it afterwards
  /// is newer: then it is over.
  void hear(const OwnWord& word);

  /// Busy, and the screen has said nothing of progress for so long that a look at its processes is
  /// worth it.
  bool is_doubtful(Time now) const;

  /// Something else says that it gets on: a tool of it runs.
  void gets_on(Time now) { progress_at_ = now; }

  /// What is sure by now and differs from what is known of its turn.
  std::optional<Sighting> news(const AgentTurn& known, Time now);

 private:
  bool has_got_on(const Fingerprint& fingerprint);
  bool has_settled(const AgentTurn& known, Time now) const;
  void look_whether_own_is_over(bool moved, Time now);

  Span stall_;
  Sighting seen_;
  OwnWord heard_;           ///< the last, also where it is over
  OwnWord own_;             ///< none: what was heard is over
  bool confirmed_ = false;  ///< own_, by the screen
  Time seen_since_;
  Time progress_at_;
  std::optional<Sighting> vain_;  ///< that it tries again, since it made progress
  Fingerprint fingerprint_;
  Fingerprint known_;  ///< all rows since it made progress, sorted
  Fingerprint fresh_;  ///< rows that came with the last look
  bool was_up_ = false;
};

}  // namespace orch
