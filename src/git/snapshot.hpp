#pragma once
// The files of a worktree as a tree.
#include "git/context.hpp"
#include "git/values.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace orch::git {

struct Snapshot {
  std::string index_tree;           ///< what was staged; empty in the middle of a conflict
  std::string tree;                 ///< the files as they are
  std::vector<std::string> nested;  ///< repositories of their own, which are not in the tree
};

/// `base`: the worktree's index may name objects that are gone, and all is stored anew beyond that
/// commit.
Job<Snapshot> snapshot(GitContext& git, std::filesystem::path worktree,
                       std::vector<std::string> keep, CommitId base);
Job<std::string> tree_now(GitContext& git, std::filesystem::path worktree,
                          std::vector<std::string> keep);

}  // namespace orch::git
