// What a landing can do next.
#include "orch/core/landing.hpp"

#include <algorithm>
#include <array>

namespace orch {
namespace {

using L = LandingState;

constexpr std::array kLandingArrows = {
    LandingArrow{L::Preparing, LandingStep::Test, L::Testing},
    LandingArrow{L::Preparing, LandingStep::Move, L::Moving},
    LandingArrow{L::Testing, LandingStep::Move, L::Moving},
    LandingArrow{L::Preparing, LandingStep::Wait, L::Waiting},
    LandingArrow{L::Testing, LandingStep::Wait, L::Waiting},
    LandingArrow{L::Moving, LandingStep::Wait, L::Waiting},
    LandingArrow{L::Waiting, LandingStep::Prepare, L::Preparing},
    LandingArrow{L::Waiting, LandingStep::Test, L::Testing},
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
