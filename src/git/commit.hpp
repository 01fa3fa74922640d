#pragma once
// Commits what is in a worktree: see git::Repository::commit_all().
#include "git/context.hpp"
#include "git/values.hpp"

namespace orch::git {

Job<CommitId> commit_all(GitContext& git, CommitRequest request);

}  // namespace orch::git
