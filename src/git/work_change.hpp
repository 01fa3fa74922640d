#pragma once
// What a branch changes of what it began from, wherever the branch that it lands on is by now.
#include "git/context.hpp"
#include "git/values.hpp"

namespace orch::git {

Job<WorkChange> work_change(GitContext& git, CommitId onto, CommitId work);

}  // namespace orch::git
