#pragma once
// Work that the agent of a task gives to another agent, and gets back.
//
// What is delegated is a task of its own, whose branch begins at the tip of the other one and whose
// work goes into that worktree instead of landing. Its agent works in the place of the one that
// waits for it.
#include "core/routing.hpp"
#include "core/turn.hpp"

#include <vector>

namespace orch::delegation {

/// The agent of this task wants something done by another one; the new task's id is noted.
void delegate(Turn& turn, const TaskRecord& parent, const AgentReported& report);

/// It is back when it is done again, too.
void is_begun(Turn& turn, const TaskRecord& task);

/// Agents at work in the place of another kind: these are more of theirs.
routing::Load lent(const State& state);

/// What an agent has delegated that waits begins in its place.
void start_lent(Turn& turn);

/// Its work is committed: it goes to who has delegated it.
void is_done(Turn& turn, TaskRecord& task);

/// Tasks whose agents wait for what only the user can help.
std::vector<TaskId> stuck(const State& state);

/// What is over is taken in where it was delegated; what nobody waits for any more is aborted.
void carry_on(Turn& turn);

void on(Turn& turn, const TakeIn& effect, const TakeIn::Ends& end);

}  // namespace orch::delegation
