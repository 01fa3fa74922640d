#pragma once
// What lands for a candidate that was not made on the tip: see git::Repository::made_on_tip.
#include "git/context.hpp"
#include "git/landing_values.hpp"

namespace orch::git {

Job<CommitId> made_on_tip(GitContext& git, RemakeRequest request);

}  // namespace orch::git
