#pragma once
// What agents are seen at while they work.
#include "core/turn.hpp"
#include "orch/core/event.hpp"

namespace orch::activities {

void on(Turn& turn, const AgentSeen& event);
void on(Turn& turn, const ControlSeen& event);

/// What its agent is at is ours again; false: it was.
bool hand_back(Turn& turn, TaskRecord& task);

/// What it asks is looked at once more, if a rule answers that: what was in the way of it is over,
/// or the answer has failed.
void look_again(Turn& turn, TaskRecord& task);

/// Its own program said so; what becomes of it is decided when it is joined with its screen.
void heard(Turn& turn, TaskRecord& task, const HookCall& call);

/// The run ends: what waits for the user goes on waiting without its agent, whose work is saved.
void give_to_user(Turn& turn);

}  // namespace orch::activities
