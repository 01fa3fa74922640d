#pragma once
// Tells work from files that git calls modified though nobody touched them since their checkout.
#include "git/context.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace orch::git {

/// Those of `paths` that are in the index and are on disk just as a checkout of the index writes
/// them. `like` says which worktree and index.
Job<std::set<std::string>> as_checked_out(GitContext& git, Call like,
                                          std::vector<std::string> paths);
/// Merges once more where nothing but files that are as checked out was in the way of a merge: they
/// are taken away first, and it writes their new contents. Nothing if one of those it named is an
/// edit, staged or not. What is missing after a kill the next merge writes.
Job<std::optional<loop::Finished>> merge_past_untouched(GitContext& git, Call merge,
                                                        std::vector<std::string> named);

}  // namespace orch::git
