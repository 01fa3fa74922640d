#pragma once
// The pool: worktrees that are parked when their task is over, and leased to the next one. A lease
// is a rename and a branch; a parked slot is as a fresh checkout of its commit, which is proved
// when it is parked and looked at once more when it is leased.
//
// What may not become a slot, or may not be leased, is made and removed as ever: with submodules,
// with settings of its own, with somebody in it.
#include "git/context.hpp"
#include "git/registration.hpp"
#include "git/values.hpp"

#include <optional>
#include <string>

namespace orch::git {

/// Gives a parked slot to a task: at spec.path, under its reason, on its new branch. Nothing: there
/// is none that fits.
Job<std::optional<CommitId>> lease_slot(GitContext& git, WorktreeSpec spec);

/// Goes on with what a killed program began with that worktree: a lease, or a parking. Nothing for
/// all others.
Job<bool> settle_slot(GitContext& git, std::filesystem::path path, std::string reason);

struct Parked {
  bool parked = false;
  bool at_tip = false;  ///< its files are at request.pool.tip, parked or not
  std::string why_not;  ///< if it was not
  TrashEntry kept;      ///< what was in no commit
};

/// Makes a worktree whose task is over a slot: all in it is saved, by the caller's proof. When it
/// could not be parked, it is still there to be removed, and in the trash is what `kept` says.
/// `head`: where its HEAD is.
Job<Parked> park_worktree(GitContext& git, RemoveRequest request, Registration registration,
                          CommitId head);

/// Removes parked slots that no task can have, and others until no more than `most` are left; how
/// many went. Folders wait in the
/// trash to be deleted.
Job<std::size_t> shrink_pool(GitContext& git, PoolPlan pool, std::filesystem::path trash);

}  // namespace orch::git
