#pragma once
// Worktrees that have only some folders of the repository: git-sparse-checkout(1), in cone mode.
//
// Which folders, git's own folder of the worktree says. That this counts, a section of the
// repository's configuration says, which is for linked worktrees alone. Git itself would set
// `extensions.worktreeConfig` for that: there are programs that refuse a repository with it.
#include "git/context.hpp"
#include "orch/core/ids.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace orch::git {

/// The file of patterns for these folders, files at the root, and files next to a folder on the
/// way.
std::string sparse_patterns(const std::vector<std::string>& folders);

/// From here on checkouts write only these folders into the worktree, in which nobody has worked;
/// nothing for no folders.
Job<bool> make_sparse(GitContext& git, std::filesystem::path admin,
                      std::vector<std::string> folders);
/// Is it a worktree that make_sparse() was called for?
bool is_sparse(const std::filesystem::path& admin);

/// Has all gits go by what make_sparse() writes. The user's own checkouts stay as they are.
Job<bool> let_worktrees_be_sparse(GitContext& git);

/// Those that are no folders in the commit.
Job<std::vector<std::string>> not_folders(GitContext& git, CommitId commit,
                                          std::vector<std::string> paths);

/// After the index of a sparse worktree was filled without regard to that.
Job<bool> apply_sparse(GitContext& git, Place place);

}  // namespace orch::git
