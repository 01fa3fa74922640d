#pragma once
// Has the user committed on the base what the run does not have yet?
#include "loop/job.hpp"
#include "orch/core/ids.hpp"
#include "orch/core/state.hpp"

#include <optional>

namespace orch::git {
class Repository;
}

namespace orch::app {

/// The base branch's tip if the integration branch does not contain it.
loop::Job<std::optional<CommitId>> upstream_tip(git::Repository& git, const State& state);

}  // namespace orch::app
