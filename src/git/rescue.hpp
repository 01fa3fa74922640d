#pragma once
// Saves what is neither committed nor known to be safe: see git::Repository::rescue().
#include "git/context.hpp"
#include "git/values.hpp"

namespace orch::git {

Job<Rescue> rescue(GitContext& git, RescueRequest request);

}  // namespace orch::git
