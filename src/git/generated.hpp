#pragma once
// Files that a command makes of others, in what lands: see LandingRequest::is_generated.
#include "git/context.hpp"
#include "git/landing_values.hpp"

#include <string>
#include <vector>

namespace orch::git {

/// The tree with the files as `onto` has them; where it has none, as the branch does.
Job<std::string> with_files_of(GitContext& git, std::string tree, std::vector<std::string> files,
                               CommitId onto, CommitId branch);

/// The candidate with its files as they were made, in its place under its ref.
Job<CommitId> with_generated(GitContext& git, GeneratedRequest request);

}  // namespace orch::git
