#pragma once
// What candidates are called, and what their commits say.
#include "app/run_context.hpp"
#include "orch/core/effect.hpp"
#include "orch/core/state.hpp"

#include <string>

namespace orch::app {

/// The ref that keeps it; an empty task: of a landing of no task.
std::string candidate_ref(const RunContext& context, const TaskId& task);

std::string message_of(const State& state, const std::string& run, const TaskId& id);
/// Of several tasks that land as one commit.
std::string message_of_all(const State& state, const std::string& run, const Land& effect);
/// Of what takes back the commits that a task landed as.
std::string message_of_undo(const State& state, const std::string& run, const TaskId& id,
                            const std::vector<CommitId>& landed);

}  // namespace orch::app
