#pragma once
// What the agent that coordinates can do about a task.
#include "orch/core/state.hpp"

#include <vector>

namespace orch {

/// What it may ask for and would change something now; empty: the task is the user's to decide on.
std::vector<Verb> verbs_of_coordinator(const State& state, const TaskRecord& task);

}  // namespace orch
