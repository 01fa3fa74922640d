#pragma once
// What belongs to one task of a run: the lock reason of its worktree, the ref that its work is
// saved under, and where things of the worktree go that are in no commit.
#include "app/run_context.hpp"
#include "git/caches.hpp"
#include "git/values.hpp"
#include "orch/core/ids.hpp"

#include <string>

namespace orch::app {

std::string reason_for(const RunContext& context, const TaskId& task);

/// Full: "refs/orch/rescue/...".
std::string rescue_ref(const RunContext& context, const TaskId& task, int attempt);

/// Folders that can be made again, as the user says.
git::CachePatterns caches_of(const RunContext& context);

/// The checkout whose submodules worktrees get; empty: they get none.
fs::path submodules_of(const RunContext& context);

git::TrashPlan trash_for(const RunContext& context, const TaskId& task, int attempt,
                         std::string why);

}  // namespace orch::app
