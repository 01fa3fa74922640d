#pragma once
// The files of a worktree as a tree.
#include "git/context.hpp"
#include "git/scratch_index.hpp"
#include "git/values.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace orch::git {

struct SnapshotRequest {
  std::filesystem::path worktree;
  std::vector<std::string> keep;  ///< left out, with all that is below
  /// The worktree's index may name objects that are gone, and all is stored anew beyond this
  /// commit.
  CommitId base;
  /// A look at all of it: no other files are looked for, where that can be relied on.
  std::optional<SeenFiles> seen;
  CommitId head;  ///< with `seen`: what that was compared with
};

struct Snapshot {
  std::string index_tree;           ///< what was staged; empty in the middle of a conflict
  std::string tree;                 ///< the files as they are
  std::vector<std::string> nested;  ///< repositories of their own, which are not in the tree
  /// The worktree's index as it would be with all of that staged; none: with nothing.
  std::shared_ptr<ScratchIndex> index;
};

Job<Snapshot> snapshot(GitContext& git, SnapshotRequest request);
Job<std::string> tree_now(GitContext& git, std::filesystem::path worktree,
                          std::vector<std::string> keep);

}  // namespace orch::git
