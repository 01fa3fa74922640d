#pragma once
// What a branch changes of what it began from, wherever the branch that it lands on is by now.
#include "git/context.hpp"
#include "git/landing_values.hpp"

#include <string>

namespace orch::git {

Job<WorkChange> work_change(GitContext& git, CommitId onto, CommitId work);

/// The difference as text. Fault::Full: it is larger than 16 MB.
Job<std::string> change_text(GitContext& git, CommitId from, CommitId to);

}  // namespace orch::git
