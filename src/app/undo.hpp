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

class TaskMarks;

/// Made without a checkout, with the task's mark taken back in the task file.
loop::Job<PrepareLanding::Ends> prepare_undo(git::Repository& git, const State& state,
                                             const RunContext& context, TaskMarks& marks,
                                             PrepareLanding effect);

}  // namespace orch::app
