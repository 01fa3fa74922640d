#pragma once
// Brings the user's branch forward: see git::Repository::follow().
#include "git/context.hpp"
#include "git/landing_values.hpp"

namespace orch::git {

Job<FollowOutcome> follow(GitContext& git, FollowRequest request);

}  // namespace orch::git
