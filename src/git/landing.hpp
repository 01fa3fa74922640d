#pragma once
// Lands branches without a checkout: see the calls of git::Repository.
#include "git/context.hpp"
#include "git/landing_values.hpp"

#include <string>

namespace orch::git {

Job<Landing> prepare_landing(GitContext& git, LandingRequest request);
Job<LandOutcome> land(GitContext& git, std::string ref, CommitId candidate, CommitId onto);

}  // namespace orch::git
