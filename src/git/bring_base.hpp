#pragma once
// Merges the base into a task's worktree: see git::Repository::bring_base().
#include "git/context.hpp"
#include "git/values.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace orch::git {

struct BringRequest {
  std::filesystem::path worktree;
  std::string branch;
  std::string reason;  ///< its lock reason
  CommitId work;       ///< nothing is merged where HEAD is another commit; empty: it may be any
  CommitId base;
  std::string message;  ///< of the merge commit
  Identity identity;
  std::string rescue_ref;  ///< full: holds the branch as it was
  TrashPlan trash;         ///< of what a killed merge left
};

struct BroughtBase {
  enum class How {
    Merged,     ///< HEAD has all of the base
    Conflicts,  ///< a merge is under way, and the files have marks
    NotDone,    ///< nothing was changed
  };
  How how = How::NotDone;
  std::vector<std::string> conflicts;  ///< paths
  std::string why;                     ///< it was not done: "its files have changes ..."
};

Job<BroughtBase> bring_base(GitContext& git, BringRequest request);

/// A file that two sides have changed since they had a commit in common.
struct ConflictSides {
  std::string path;
  std::vector<std::string> own;     ///< lines of the difference that the branch made
  std::vector<std::string> others;  ///< of that which the base made
  std::vector<std::string> by;      ///< subjects of what landed it, the newest first
};

/// No more than `most` files, and so many lines of each side.
Job<std::vector<ConflictSides>> sides_of(GitContext& git, CommitId work, CommitId base,
                                         std::vector<std::string> paths, std::size_t most,
                                         std::size_t lines);

}  // namespace orch::git
