#pragma once
// Where the folders of one repository lie, as far as files tell: gitrepository-layout(5).
//
// Git knows the way from a worktree to its git folder. The way back, from a linked worktree to the
// main one, is only known where the git folder is called `.git` and lies in it. For all other
// layouts our root is written down in the git folder, relative to it.
#include "orch/base/result.hpp"

#include <filesystem>

namespace orch::git {

/// The git folder that `folder`/.git is, or names (a link, or a file "gitdir: PATH"): of a linked
/// worktree its own below `worktrees`. Canonical; empty if there is none.
std::filesystem::path git_dir_at(const std::filesystem::path& folder);

/// Can the main worktree be found from `git_dir` by looking at its parent?
bool lies_in(const std::filesystem::path& git_dir, const std::filesystem::path& worktree);

/// The root that was written down, if it still belongs to this repository; else empty.
std::filesystem::path remembered_root(const std::filesystem::path& git_dir);
Status remember_root(const std::filesystem::path& git_dir, const std::filesystem::path& root);

}  // namespace orch::git
