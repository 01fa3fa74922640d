#pragma once
// Commits of which objects are gone: see the calls of git::Repository.
#include "git/context.hpp"
#include "git/values.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace orch::git {

Job<bool> has_all_objects(GitContext& git, CommitId commit, std::vector<CommitId> known);
/// The id that a ref names, whether or not there is such a commit.
Job<CommitId> named_by(GitContext& git, Place place, std::string ref);
Job<std::optional<LostCommits>> lost_commits(GitContext& git, std::filesystem::path worktree,
                                             std::string branch, std::vector<CommitId> known);
/// HEAD and the branch, where they name what is lost, go to the last commit that can be read. The
/// files stay; the index, which may name what is gone as well, becomes that commit's.
Job<bool> put_back(GitContext& git, std::filesystem::path worktree, std::string branch,
                   LostCommits lost);

}  // namespace orch::git
