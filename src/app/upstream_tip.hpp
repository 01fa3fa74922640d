#pragma once
// Has the user committed on the base what the run does not have yet?
#include "loop/job.hpp"
#include "orch/base/result.hpp"
#include "orch/core/ids.hpp"
#include "orch/core/state.hpp"

#include <optional>
#include <string>

namespace orch::git {
class Repository;
}

namespace orch::app {

/// What shows without a process that upstream_tip() may say something else than it did: the files
/// that have the branch, and what of the run it is compared with.
std::string base_signs(const git::Repository& git, const State& state);

/// The base branch's tip if the integration branch does not contain it.
loop::Job<Result<std::optional<CommitId>>> upstream_tip(git::Repository& git, const State& state);

}  // namespace orch::app
