#pragma once
// Takes worktrees and branches away: see git::Repository::remove_worktree().
#include "git/context.hpp"
#include "git/values.hpp"

namespace orch::git {

Job<Removed> remove_worktree(GitContext& git, RemoveRequest request);

}  // namespace orch::git
