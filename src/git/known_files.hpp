#pragma once
// Looks by git that need not be made again: a worktree that is watched since git looked at its
// files, and in which nothing has happened, is as it was.
#include "git/context.hpp"
#include "git/values.hpp"

#include <filesystem>
#include <optional>

namespace orch::git {

/// look_at(); the worktree is watched from then on.
Job<WorktreeStatus> look_and_watch(GitContext& git, std::filesystem::path worktree);

/// All that the look saw is in the commit, where HEAD and the index are now.
void note_committed(GitContext& git, const Place& place, const SeenFiles& seen,
                    const CommitId& commit);

/// What a look would see now, where that is known: nothing but `head`. The watch ends with it.
std::optional<SeenFiles> known_files(GitContext& git, const Place& place, const CommitId& head);

}  // namespace orch::git
