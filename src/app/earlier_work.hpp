#pragma once
// Looks at what the attempts before have left, for the prompt of a further one.
#include "agents/earlier_work.hpp"
#include "loop/job.hpp"
#include "orch/core/effect.hpp"
#include "orch/core/state.hpp"

namespace orch::git {
class Repository;
}

namespace orch::app {

/// Of a first attempt, nothing. What git does not say is left out: no agent fails to start for
/// that.
loop::Job<EarlierWork> earlier_work(git::Repository& git, const State& state,
                                    const StartAgent& effect);

}  // namespace orch::app
