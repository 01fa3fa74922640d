#pragma once
// Has the machine room for another agent? Those that run go on in any case.
#include "core/turn.hpp"

namespace orch::admission {

/// Memory has become short, or there is enough of it again.
void on(Turn& turn, const MemorySeen& event);

/// Told once in an attempt.
void on(Turn& turn, const AgentOverloads& event);

/// Is there a worker whose agent is at work, or is being started or ended?
bool is_any_at_work(const State& state);

/// Why no further agent is started; None: one may be. Where no other is at work there is always
/// room for one, so that a run gets on, if slowly, on a machine that has never much.
Reason why_not(const State& state);

}  // namespace orch::admission
