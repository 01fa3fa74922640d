#pragma once
// What an agent says and is answered: it asks the supervisor to take it, and where none answers it
// is a report as any other, which counts as soon as one lives.
#include "cli/agent_context.hpp"

namespace orch::cli {

/// Is it an agent that calls, or somebody in its pane?
bool is_in_agents_pane();

/// What the supervisor answered, or that it is recorded.
Result<std::string> say(const AgentContext& context, AgentReported report);

/// The same for what is of use only with an answer: without a supervisor nothing is recorded.
Result<std::string> ask_now(const AgentContext& context, AgentReported& report);

}  // namespace orch::cli
