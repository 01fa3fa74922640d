#pragma once
// Puts a worktree back to a commit: see git::Repository::reset_worktree().
#include "git/context.hpp"
#include "git/registration.hpp"
#include "git/values.hpp"

namespace orch::git {

/// The files and the index become exactly request.commit; what is not in request.expected goes to
/// the trash. HEAD is not looked at. Says what is kept.
Job<TrashEntry> reset_files(GitContext& git, ResetRequest request, Registration registration);
Job<Reset> reset_worktree(GitContext& git, ResetRequest request);

}  // namespace orch::git
