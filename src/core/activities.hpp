#pragma once
// What agents are seen at while they work.
#include "core/turn.hpp"
#include "orch/core/event.hpp"

namespace orch::activities {

void on(Turn& turn, const AgentSeen& event);

/// The run ends: what waits for the user goes on waiting without its agent, whose work is saved.
void give_to_user(Turn& turn);

}  // namespace orch::activities
