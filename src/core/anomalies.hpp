#pragma once
// Something may be wrong with an agent that seems to be at work: which of the user's rules fire,
// and what is done then.
//
// A rule fires where there is as much of its anomaly as it says, and something new has happened of
// it since it fired last, no sooner than its cool-down. Each time in an attempt it goes a step
// further in its list of actions. What it may not do any more (so many texts, interrupts, attempts)
// it asks the user for. Who has the window, or holds the task, is left alone: it is only noted.
#include "core/turn.hpp"
#include "orch/core/event.hpp"

namespace orch::anomalies {

void on(Turn& turn, const AnomalySeen& event);

/// What its agent has used tells how full its conversation is, where its window is known.
void look_at_context(Turn& turn, const AgentUsed& event);

}  // namespace orch::anomalies
