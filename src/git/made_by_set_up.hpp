#pragma once
// What the set-up of a worktree made, kept in its slot from one task to the next for as long as it
// is as it was made, and a set-up of now would make the same.
//
//   <git's folder of the worktree>/orch-made       what it was made from, and where it lies
//   <git's folder of the worktree>/orch-made-list  all files of it: git/made_list.hpp
//
// The former is written last and removed first, but for what it tells of: without it nothing is
// kept.
#include "git/context.hpp"
#include "git/registration.hpp"
#include "orch/core/ids.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace orch::git {

/// A set-up that has run.
struct MadeRequest {
  std::filesystem::path worktree;
  std::string print;                 ///< of all that it was made from
  std::vector<std::string> brought;  ///< copies and links, which are brought again for each task
  std::vector<std::string> keep;     ///< PoolPlan::keep
};

struct Made {
  bool is_kept = false;
  /// Else: what its set-up did that cannot be kept; empty: it made nothing.
  std::string why_not;
  /// It holds for the folder it is in alone, so that the worktree itself is not kept either.
  bool names_folder = false;
};

/// Lists what there is besides tracked files, what was brought and what is kept in any case. It is
/// kept only if git ignores all of it, and if nothing else was changed.
Job<Made> list_made(GitContext& git, MadeRequest request);

/// Is what an earlier set-up made there, untouched, and made from the same? What there is of it is
/// thrown away otherwise. For a worktree in which no agent has worked since.
Job<bool> has_made(GitContext& git, std::filesystem::path worktree, std::string print,
                   std::filesystem::path trash_folder);

/// Why a worktree with that folder of git's is not kept, as its set-up wrote the folder's path
/// down; empty: it did not.
std::string named_by_set_up(const std::filesystem::path& admin);

/// For a worktree that is parked at `tip`.
struct MadeToKeep {
  std::vector<std::string> roots;  ///< what stays: no file of these was touched
  std::vector<std::string> more;   ///< what somebody added below them
};

/// Forgets what was made where it cannot stay: all of it goes the way of other files then.
Job<MadeToKeep> made_to_keep(GitContext& git, Registration registration, CommitId tip);

/// Where what was made lies in a slot, touched or not.
std::vector<std::string> made_roots(const std::filesystem::path& admin);
/// Is it as it was made, with nothing more in it?
Job<bool> is_made_untouched(GitContext& git, Registration registration);
/// Does the commit have a file where something lies that the set-up made?
Job<bool> is_made_in_the_way(GitContext& git, Registration registration, CommitId commit);

}  // namespace orch::git
