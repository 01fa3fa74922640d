#pragma once
// What the agent that coordinates is told at its start.
#include "agents/attempt_place.hpp"
#include "orch/core/task.hpp"

#include <string>

namespace orch {

std::string coordinator_prompt(const AttemptPlace& place);

}  // namespace orch
