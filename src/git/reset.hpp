#pragma once
// Puts a worktree back to a commit: see git::Repository::reset_worktree().
#include "git/context.hpp"
#include "git/values.hpp"

namespace orch::git {

Job<Reset> reset_worktree(GitContext& git, ResetRequest request);

}  // namespace orch::git
