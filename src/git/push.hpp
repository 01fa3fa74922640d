#pragma once
// Brings a commit to a branch of a remote.
#include "git/context.hpp"
#include "git/landing_values.hpp"

namespace orch::git {

Job<bool> push(GitContext& git, PushRequest request);

}  // namespace orch::git
