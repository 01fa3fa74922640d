#pragma once
// Slots that are made ready before a task wants one: those that are parked are brought to the tip
// of the integration branch, and where there are too few, one is made.
//
// A kill leaves a slot of the pool that is not ready. Nobody's work can be in it, which is checked
// before it is removed.
#include "git/context.hpp"
#include "git/values.hpp"

#include <filesystem>

namespace orch::git {

/// One step of it; true: a slot was made ready, and there may be more to do.
Job<bool> prepare_slot(GitContext& git, PoolPlan pool, SlotsAhead wanted,
                       std::filesystem::path trash);

/// Removes the slots in that pool that a killed program was making or bringing to a commit. Those
/// in which files are that are of neither are set aside for the user.
Job<bool> settle_half_made(GitContext& git, std::filesystem::path pool,
                           std::filesystem::path trash);

}  // namespace orch::git
