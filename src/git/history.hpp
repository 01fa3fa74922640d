#pragma once
// Looks at the last commits of histories through the git that stays. What lies further back is not
// known here: git has the generations of commits for that.
#include "git/context.hpp"
#include "git/values.hpp"

#include <optional>

namespace orch::git {

/// Is `to` among the last commits of the history of `from`? False: not there, or not known.
Job<bool> reaches(GitContext& git, CommitId from, CommitId to);

/// The one merge base of a branch and where it lands, if the branch is a line of a few commits that
/// began not long ago; nothing: that is for git to say.
Job<std::optional<CommitId>> near_merge_base(GitContext& git, CommitId onto, CommitId branch);

}  // namespace orch::git
