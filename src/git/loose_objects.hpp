#pragma once
// Finds what a commit adds to others in loose files, without a process.
#include "git/context.hpp"
#include "git/values.hpp"

#include <vector>

namespace orch::git {

/// Is all that the commit has beyond the known ones in files of its own, on disk now? False also:
/// that is more than is looked at here, or is in a pack. Those of the known ones are not looked at.
Job<bool> adds_only_loose(GitContext& git, CommitId commit, std::vector<CommitId> known);

}  // namespace orch::git
