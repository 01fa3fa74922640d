// Waits until a state has stood for its time.
#include "agents/turn_tracker.hpp"

#include "agents/screen/dialog.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace orch {
namespace {

using namespace std::chrono_literals;

// An agent that comes up shows an empty prompt before its first turn begins; several at once on a
// small machine take more than a minute.
constexpr Span kComesUp = 2min;
// Between the end of a tool and what is drawn of it nothing seems to go on.
constexpr Span kSecondLook = 2s;
// What is drawn so soon after an event may be of the time before it.
constexpr Span kDrawnLate = 2s;
constexpr std::size_t kLongestEvidence = 160;

/// How long a state has to stand before it counts: as long as it is seen by chance between others.
Span time_to_settle(Activity activity) {
  switch (activity) {
    case Activity::Busy: return 0s;
    case Activity::Asking: return 1s;
    case Activity::Idle:
    case Activity::Failed: return 3s;
    case Activity::Unknown: return 5s;
  }
  return 0s;
}

std::string evidence_of(const ScreenReading& reading) {
  if (reading.rows.empty()) return reading.rule;
  return one_line(trim(reading.rows.front().text), kLongestEvidence);
}

}  // namespace

std::optional<Sighting> sighting_of(const ScreenReading& reading, const Screen& screen) {
  const std::string kind(to_text(reading.state));
  switch (reading.state) {
    case ScreenState::Exited: return std::nullopt;
    case ScreenState::Trust:
    case ScreenState::Dialog:
    case ScreenState::Permission:
    case ScreenState::Question: {
      const std::optional<Dialog> dialog = dialog_of(screen);
      if (!dialog) return Sighting{Activity::Asking, kind, evidence_of(reading)};
      return Sighting{Activity::Asking, kind, dialog->text, dialog->id};
    }
    case ScreenState::Retrying: return Sighting{Activity::Busy, kind, evidence_of(reading)};
    case ScreenState::Busy: return Sighting{Activity::Busy, {}, {}};
    case ScreenState::Error: return Sighting{Activity::Failed, {}, evidence_of(reading)};
    case ScreenState::Idle: return Sighting{Activity::Idle, {}, {}};
    case ScreenState::Unknown: break;
  }
  return Sighting{Activity::Unknown, {}, {}};
}

TurnTracker::TurnTracker(Span stall, Time now)
    : stall_(stall), seen_since_(now), progress_at_(now) {}

void TurnTracker::see(const Sighting& sighting, const Fingerprint& fingerprint, Time now) {
  const bool moved = shows_more(fingerprint, std::exchange(fingerprint_, fingerprint));
  // That it tries once more is no progress.
  const std::string_view retrying = to_text(ScreenState::Retrying);
  const bool tries = sighting.kind == retrying || seen_.kind == retrying;
  const bool got_on = has_got_on(fingerprint) && !tries;
  if (got_on) progress_at_ = now;
  if (is_of_user(sighting.error)) {
    vain_ = sighting;
  } else if (got_on || sighting.activity != Activity::Busy) {
    vain_.reset();
  }
  const bool goes_on = sighting.activity == seen_.activity && sighting.kind == seen_.kind &&
                       sighting.question == seen_.question;
  if (!goes_on) seen_since_ = now;
  seen_ = sighting;
  look_whether_own_is_over(moved || !goes_on, now);
  was_up_ = was_up_ || seen_.activity == Activity::Busy || seen_.activity == Activity::Asking;
}

/// Rows that were not there before, in two looks one after the other. A row that is half drawn is
/// one of these in one look alone.
bool TurnTracker::has_got_on(const Fingerprint& fingerprint) {
  if (known_.empty()) {
    known_ = fingerprint;
    return true;
  }
  Fingerprint fresh;
  std::ranges::set_difference(fingerprint, known_, std::back_inserter(fresh));
  const auto is_there = [&fingerprint](std::uint64_t row) {
    return std::ranges::binary_search(fingerprint, row);
  };
  const bool stays = std::ranges::any_of(fresh_, is_there);
  const bool got_on = stays || (!fresh_.empty() && !fresh.empty());
  if (got_on) known_.clear();
  Fingerprint all;
  std::ranges::set_union(known_, fingerprint, std::back_inserter(all));
  known_ = std::move(all);
  fresh_ = std::move(fresh);
  return got_on;
}

void TurnTracker::rule(Ruling ruling) {
  seen_.ruling = seen_.activity == Activity::Asking ? std::move(ruling) : Ruling();
}

bool TurnTracker::is_doubtful(Time now) const {
  const bool may_stall = seen_.activity == Activity::Busy || seen_.activity == Activity::Unknown;
  return may_stall && now - progress_at_ >= stall_;
}

void TurnTracker::hear(const OwnWord& word) {
  if (word == heard_) return;
  heard_ = own_ = word;
  confirmed_ = false;
  was_up_ = was_up_ || word.is_there();
}

/// The screen says something else and is right: it has shown what its program said, and changed; or
/// it goes on long after, so that it is not late.
void TurnTracker::look_whether_own_is_over(bool moved, Time now) {
  if (!own_.is_there()) return;
  if (seen_.activity == own_.activity) {
    confirmed_ = true;
  } else if (confirmed_ || (moved && now - own_.at > kDrawnLate)) {
    own_ = {};
  }
}

/// Of a turn that has just begun, what was seen before says nothing.
bool TurnTracker::has_settled(const AgentTurn& known, Time now) const {
  if (seen_.activity == Activity::Idle && !was_up_ && now - known.since < kComesUp) return false;
  return now - std::max(seen_since_, known.since) >= time_to_settle(seen_.activity);
}

std::optional<Sighting> TurnTracker::news(const AgentTurn& known, Time now) {
  // What was seen of the turn before is no sign that this one hangs.
  if (known.activity == Activity::Busy) progress_at_ = std::max(progress_at_, known.since);
  // A turn that was over was its first: the next may be too short to be seen.
  was_up_ = was_up_ || known.activity == Activity::Idle;
  // Its program may have told of it after the screen showed it: an answer may come before the next
  // look.
  confirmed_ = confirmed_ || (own_.is_there() && own_.activity == seen_.activity);
  Joined found = joined(seen_, own_, now - own_.at);
  if (found.certainty == Certainty::Open) return std::nullopt;
  if (found.certainty == Certainty::Settling && !has_settled(known, now)) return std::nullopt;
  Sighting& sighting = found.sighting;
  const bool may_stall = sighting.activity == seen_.activity;
  sighting.stalled = sighting.stalled ||
                     (may_stall && is_doubtful(now) && now - progress_at_ >= stall_ + kSecondLook);
  if (sighting.stalled && sighting.evidence.empty() && seen_.activity == Activity::Unknown)
    sighting.evidence = "its screen cannot be read";
  if (sighting.stalled && sighting.evidence.empty())
    sighting.evidence = fmt::format("for {}", span_text(stall_));
  if (sighting.stalled && sighting.activity == Activity::Busy && vain_) {
    sighting = *vain_;
    sighting.activity = Activity::Failed;
    sighting.kind.clear();
  }
  // What a spinner or a clock changes in a row of evidence is no news.
  const bool is_known = sighting.activity == known.activity && sighting.kind == known.kind &&
                        sighting.question == known.question && sighting.ruling == known.ruling &&
                        sighting.stalled == known.stalled_since.has_value();
  return is_known ? std::nullopt : std::optional(sighting);
}

}  // namespace orch
