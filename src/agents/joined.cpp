// One statement from a screen and a hook.
#include "agents/joined.hpp"

#include "orch/config/screen_rule.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <utility>

namespace orch {
namespace {

/// What becomes of what its program said, where the screen shows something else.
enum class Trust : std::uint8_t {
  Own,     ///< the program knows better
  Screen,  ///< the screen does
  Late,    ///< the program, and the screen must follow soon
  Wait,    ///< the screen must say so as well
};

Trust trust_in(Activity own, const Sighting& screen, Span age) {
  const Activity seen = screen.activity;
  if (seen == Activity::Asking) return Trust::Screen;
  switch (own) {
    case Activity::Busy:
      // Not all programs tell of a turn that failed.
      if (seen == Activity::Failed && age >= kFailureIsOfThisTurn) return Trust::Screen;
      return seen == Activity::Unknown ? Trust::Own : Trust::Late;
    case Activity::Asking: return seen == Activity::Unknown ? Trust::Own : Trust::Late;
    case Activity::Failed:
      // It was one try of several.
      if (screen.kind == to_text(ScreenState::Retrying)) return Trust::Screen;
      return seen == Activity::Busy ? Trust::Wait : Trust::Own;
    // The turn ends, or another hook has it go on.
    case Activity::Idle: return seen == Activity::Failed ? Trust::Screen : Trust::Wait;
    case Activity::Unknown: break;
  }
  return Trust::Screen;
}

std::string evidence_of(const OwnWord& own) {
  if (own.text.empty()) return fmt::format("its hook {}", own.event);
  return fmt::format("its hook {}: {}", own.event, own.text);
}

Sighting said(const OwnWord& own) {
  Sighting sighting{.activity = own.activity, .kind = own.kind, .source = Source::Hook};
  if (own.activity != Activity::Busy) sighting.evidence = evidence_of(own);
  return sighting;
}

Joined unclear(const OwnWord& own, const Sighting& screen, Span age) {
  Sighting sighting{.activity = Activity::Unknown, .source = Source::Both};
  sighting.evidence = fmt::format("its hook {} says {}, its screen {}", own.event,
                                  to_text(own.activity), to_text(screen.activity));
  sighting.stalled = age >= kContradictionIsTold;
  return {std::move(sighting), Certainty::Unclear};
}

Joined confirmed(const Sighting& screen, const OwnWord& own) {
  Sighting sighting = screen;
  sighting.source = Source::Both;
  if (sighting.kind.empty()) sighting.kind = own.kind;
  // The screen's row only says that the turn has failed, the program why.
  const bool knows_why = own.activity == Activity::Failed && !own.text.empty();
  if (knows_why || (sighting.evidence.empty() && own.activity != Activity::Busy))
    sighting.evidence = evidence_of(own);
  return {std::move(sighting), Certainty::Sure};
}

}  // namespace

Joined joined(const Sighting& screen, const OwnWord& own, Span age) {
  if (!own.is_there()) return {screen, Certainty::Settling};
  if (own.activity == screen.activity) return confirmed(screen, own);
  const bool may_be_late = age < kScreenIsLate;
  switch (trust_in(own.activity, screen, age)) {
    case Trust::Own: return {said(own), Certainty::Sure};
    case Trust::Screen: break;
    case Trust::Late:
      if (may_be_late) return {said(own), Certainty::Sure};
      return unclear(own, screen, age);
    case Trust::Wait:
      if (may_be_late) return {screen, Certainty::Open};
      return unclear(own, screen, age);
  }
  return {screen, Certainty::Settling};
}

}  // namespace orch
