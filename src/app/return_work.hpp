#pragma once
// Work that did not land, on its way back to its agent: its worktree is brought to the newest base,
// and what its agent has to know is put together.
#include "app/run_context.hpp"
#include "loop/job.hpp"
#include "orch/core/effect.hpp"
#include "orch/core/state.hpp"

#include <string>

namespace orch::git {
class Repository;
}

namespace orch::app {

/// For the agent that waits in its window.
loop::Job<ReturnWork::Ends> return_work(git::Repository& git, const State& state,
                                        const RunContext& context, const ReturnWork& effect);

/// For an attempt that begins: empty where all that came back has landed since.
loop::Job<std::string> feedback_for(git::Repository& git, const State& state,
                                    const RunContext& context, const StartAgent& effect);

}  // namespace orch::app
