#pragma once
// What an agent has delegated, on its way back into its worktree.
#include "app/run_context.hpp"
#include "loop/job.hpp"
#include "orch/core/effect.hpp"
#include "orch/core/state.hpp"

namespace orch::git {
class Repository;
}

namespace orch::app {

/// Merges it where that can be done without harm, and says what its agent has to know.
loop::Job<TakeIn::Ends> take_in(git::Repository& git, const State& state, const RunContext& context,
                                const TakeIn& effect);

}  // namespace orch::app
