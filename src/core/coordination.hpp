#pragma once
// The agent that coordinates: when it starts and ends, what it is told of, and what it may ask for.
//
// It is an agent like the others, of a task that is none of those the run is for: it has no worker,
// nothing of it lands, no time limit holds for it, and it may be idle for as long as the run goes
// on.
#include "core/turn.hpp"
#include "orch/core/refusal.hpp"

#include <optional>

namespace orch::coordination {

/// The task of the agent that is to coordinate; only where the rules have one.
TaskRecord fresh(const Rules& rules, Time now);

/// Starts it while there is something to coordinate.
void start_if_due(Turn& turn);

/// Has it told of what has happened that needs a decision, not too often.
void tell_if_due(Turn& turn);

/// When that is due at the latest; nothing: there is nothing to tell.
std::optional<Time> next_time(const State& state);

/// Is it still at something, so that the run is not over?
bool is_at_work(const State& state);

/// Ends it with the run, which it goes on with if that does.
void end(Turn& turn);

/// Has its worktree taken away at the end of the run, with what it has changed saved. True: that is
/// under way.
bool clean_up(Turn& turn);

/// Why an agent may not ask for this; none: it may.
Refusal why_not(const State& state, const UserAsked& asked);

}  // namespace orch::coordination
