#pragma once
// Where the worktrees lie that are kept for further tasks, and how many there is use for.
#include "app/run_context.hpp"
#include "git/values.hpp"
#include "orch/core/state.hpp"

namespace orch::app {

/// `.pool` in the folder of the worktrees.
fs::path pool_folder(const fs::path& repository, const std::string& pattern);

/// Are worktrees kept for further tasks at all? A sparse one could not be told from one in which an
/// agent took folders in or out.
bool has_pool(const Config& config);

/// For a task that begins, or one that is over: kept at the tip of the integration branch, where
/// the next one begins.
git::PoolPlan pool_for(const RunContext& context, const State& state);

/// What is left of it when the run is over.
git::PoolPlan pool_at_rest(const RunContext& context);

}  // namespace orch::app
