// What a landing can do next.
#include "orch/core/landing.hpp"

#include <algorithm>
#include <array>

namespace orch {
namespace {

using L = LandingState;

constexpr std::array kLandingArrows = {
    LandingArrow{L::Preparing, LandingStep::Join, L::Ready},
    LandingArrow{L::Ready, LandingStep::Test, L::Testing},
    LandingArrow{L::Testing, LandingStep::Pass, L::Green},
    LandingArrow{L::Green, LandingStep::Move, L::Moving},

    // There are no tests, or those of one behind it have passed.
    LandingArrow{L::Ready, LandingStep::Move, L::Moving},
    LandingArrow{L::Red, LandingStep::Move, L::Moving},

    // Side by side with others.
    LandingArrow{L::Preparing, LandingStep::StandAside, L::Aside},
    LandingArrow{L::Aside, LandingStep::Join, L::Ready},
    LandingArrow{L::Testing, LandingStep::Fail, L::Red},
    LandingArrow{L::Red, LandingStep::Judge, L::Judging},
    LandingArrow{L::Judging, LandingStep::Pass, L::Green},

    // Something was in the way.
    LandingArrow{L::Preparing, LandingStep::Wait, L::Waiting},
    LandingArrow{L::Testing, LandingStep::Wait, L::Waiting},
    LandingArrow{L::Judging, LandingStep::Wait, L::Waiting},
    LandingArrow{L::Moving, LandingStep::Wait, L::Waiting},
    LandingArrow{L::Waiting, LandingStep::Prepare, L::Preparing},
    LandingArrow{L::Waiting, LandingStep::Test, L::Testing},
    LandingArrow{L::Waiting, LandingStep::Judge, L::Judging},
    LandingArrow{L::Waiting, LandingStep::Move, L::Moving},
};

constexpr const LandingArrow* find(L from, LandingStep step) {
  for (const LandingArrow& arrow : kLandingArrows)
    if (arrow.from == from && arrow.step == step) return &arrow;
  return nullptr;
}

static_assert(std::ranges::all_of(kLandingArrows, [](const LandingArrow& arrow) {
  return find(arrow.from, arrow.step) == &arrow;
}));

}  // namespace

std::span<const LandingArrow> landing_arrows() {
  return kLandingArrows;
}

std::optional<LandingState> next_state(LandingState from, LandingStep step) {
  const LandingArrow* arrow = find(from, step);
  return arrow == nullptr ? std::nullopt : std::optional(arrow->to);
}

}  // namespace orch
