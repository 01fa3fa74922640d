#pragma once
// What an agent is told at its start.
#include "agents/attempt_place.hpp"
#include "orch/config/config.hpp"
#include "orch/core/task.hpp"

#include <string>

namespace orch {

/// The first prompt of an agent that reads: task, rules, and what went wrong the last time. Where
/// it goes on with a conversation in which task and rules stand as they are now, only what is new.
std::string prompt_text(const AgentProfile& profile, const TaskSpec& task,
                        const AttemptPlace& place);

}  // namespace orch
