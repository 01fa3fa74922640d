#pragma once
// The candidate that takes a merged task back.
#include "app/run_context.hpp"
#include "loop/job.hpp"
#include "orch/core/effect.hpp"
#include "orch/core/state.hpp"

namespace orch::git {
class Repository;
}

namespace orch::app {

class Regeneration;
class TaskMarks;

/// Made without a checkout, with the task's mark taken back in the task file; all that the task has
/// landed as, where that were several. Generated files that conflict are made anew.
loop::Job<PrepareLanding::Ends> prepare_undo(git::Repository& git, const State& state,
                                             const RunContext& context, TaskMarks& marks,
                                             Regeneration& regeneration, PrepareLanding effect);

}  // namespace orch::app
