#pragma once
// Checks out in a worktree the submodules that the user has checked out: from the user's own copies
// of their repositories, so without a network. See git::Repository::bring_submodules().
#include "git/context.hpp"
#include "git/values.hpp"

#include <string>
#include <vector>

namespace orch::git {

/// Says which could not be checked out, and why.
Job<std::vector<std::string>> bring_submodules(GitContext& git, SubmoduleRequest request);

/// Leaves the folders of submodules empty, as whoever clones the repository finds them. Their
/// repositories stay, so that a `git submodule update` need not clone them again.
Job<bool> empty_submodules(GitContext& git, Place place);

/// Of the submodules of a commit, those of which the user's checkout has no copy, or one without
/// the commit: their paths.
Job<std::vector<std::string>> submodules_not_here(GitContext& git, std::filesystem::path checkout,
                                                  CommitId commit);

}  // namespace orch::git
