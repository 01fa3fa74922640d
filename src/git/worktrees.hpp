#pragma once
// Makes worktrees, and what every part needs that works on a worktree of ours: see the
// calls of git::Repository.
#include "git/context.hpp"
#include "git/registration.hpp"
#include "git/values.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace orch::git {

/// Where the registration of a worktree is looked for whose folder does not say which it is.
enum class Search {
  ByName,  ///< among those that git names after the folder
  All,     ///< everywhere: the cost grows with the number of worktrees
};

/// The registration of the worktree at `path` if it is there and ours, cleared of what killed runs
/// left.
Job<std::optional<Registration>> own_registration(GitContext& git, std::filesystem::path path,
                                                  std::string reason, Search search = Search::All);
/// Waits until no git works on the worktree any more, then removes what locks are left there. For
/// worktrees in which nobody but us can be at work.
Job<bool> settled(GitContext& git, Place place);
/// Makes a worktree without files there, detached at `start`. Fault::Refused: something is in the
/// way.
Job<Registration> register_at(GitContext& git, std::filesystem::path path, CommitId start,
                              std::string reason);
/// Writes the files unless they have been there once, and says where HEAD is.
Job<CommitId> fill_worktree(GitContext& git, Registration registration);
Job<EnsuredWorktree> ensure_worktree(GitContext& git, WorktreeSpec spec);

}  // namespace orch::git
