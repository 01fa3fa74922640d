#pragma once
// Git's own log of where HEAD of a worktree has been.
#include "git/parse.hpp"
#include "git/runner.hpp"

#include <vector>

namespace orch::git {

/// Oldest first; none where git keeps no log.
std::vector<HeadMove> head_moves(const Place& place);

}  // namespace orch::git
