#pragma once
// Agents that are done stay in their windows until their work has landed, as the user may want to
// ask them something; but they hold memory, so not any number of them does.
#include "core/turn.hpp"

namespace orch::idle_agents {

/// Ends those that wait for the longest, as long as more wait than the limits allow.
void end_surplus(Turn& turn);

}  // namespace orch::idle_agents
