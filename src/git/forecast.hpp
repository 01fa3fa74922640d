#pragma once
// Would two works merge? Nothing of the repository is changed by the question.
#include "git/context.hpp"

#include <string>
#include <vector>

namespace orch::git {

/// The files in which they conflict; none: they merge.
Job<std::vector<std::string>> conflicting_files(GitContext& git, CommitId one, CommitId other);

}  // namespace orch::git
