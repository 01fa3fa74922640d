#pragma once
// Keeps the worktree in which candidates are tested: see git::Repository::checkout_exact().
#include "git/context.hpp"
#include "git/values.hpp"

#include <string>

namespace orch::git {

Job<std::string> checkout_exact(GitContext& git, ExactRequest request);

}  // namespace orch::git
