#pragma once
// Where HEAD of a worktree has been, and what follows from it: see the calls of git::Repository.
#include "git/context.hpp"
#include "git/parse.hpp"
#include "git/values.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace orch::git {

/// Git's own log of it. Oldest first; none where git keeps no log.
std::vector<HeadMove> head_moves(const Place& place);

Job<bool> grown_here(GitContext& git, std::filesystem::path worktree, std::vector<CommitId> known);
Job<std::vector<LeftCommits>> left_commits(GitContext& git, std::filesystem::path worktree,
                                           std::vector<CommitId> known, std::string ref);
Job<CommitId> revive_branch(GitContext& git, std::filesystem::path worktree, std::string branch,
                            CommitId start);
/// revive_branch() where the place is known.
Job<CommitId> revived(GitContext& git, Place place, std::string branch, CommitId start);

}  // namespace orch::git
