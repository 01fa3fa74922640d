#pragma once
// Where files of ours are in the user's checkout, which no task may change.
#include "app/run_context.hpp"
#include "git/landing_values.hpp"
#include "orch/core/event.hpp"
#include "orch/core/state.hpp"

namespace orch::app {

/// Our state and the worktrees that are in use, and the folder that is made for them.
void reserve_places(const RunContext& context, const State& state, git::LandingRequest& request);

/// Why a task that changes such a place does not land, with the command that repairs its branch.
NotDone touches_ours(const Paths& paths, const State& state, const PrepareLanding& effect,
                     const git::TouchesOurs& touches);

}  // namespace orch::app
