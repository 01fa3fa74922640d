#pragma once
// Branches of tasks and of the run: made, or taken where they are ours.
#include "git/context.hpp"
#include "git/values.hpp"

#include <optional>
#include <string>

namespace orch::git {

Job<bool> ensure_branch(GitContext& git, std::string branch, CommitId commit);
/// The tip of the spec's branch if there is one and it is ours to take; nothing if there is none.
/// `begun`: we began to make it.
Job<std::optional<CommitId>> usable_tip(GitContext& git, WorktreeSpec spec, bool begun);

}  // namespace orch::git
