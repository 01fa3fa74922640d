#pragma once
// Carries out what a run has decided.
#include "orch/core/effect.hpp"
#include "orch/core/outcome.hpp"

#include <functional>

namespace orch::port {

class Effects {
 public:
  using Ended = std::function<void(Outcome)>;

  virtual ~Effects() = default;

  /// Begins the effect, which is in the ledger. `ended` is called exactly once with how it ended,
  /// before this returns or later; never after the caller is gone.
  /// It is asked for the same id again when the effect has ended and is tried again, and by a later
  /// supervisor if the end was not stored: an effect is an "ensure". It is never asked for one that
  /// it has under way: two at once could reset a worktree under an agent.
  virtual void begin(EffectId id, const Effect& effect, Ended ended) = 0;
};

}  // namespace orch::port
