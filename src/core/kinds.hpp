#pragma once
// Kinds of agents: the first one alone, a gap between starts, and a stop after failed starts.
#include "core/turn.hpp"

#include <optional>
#include <string>

namespace orch::kinds {

/// An agent was begun: the next one keeps its distance.
void begun_one(Turn& turn, const std::string& kind);

/// One got to work: those that waited for it may start.
void got_to_work(Turn& turn, const std::string& kind);

/// One has reported, was done or worked for a while: failed starts before it no longer count.
void works(Turn& turn, const std::string& kind);

/// Has the agent of the task ended so soon, and without a word, that it counts as a failed start?
bool is_failed_start(const Turn& turn, const TaskRecord& task, const AgentExited& event);

/// One more in a row; the last one that is allowed stops the kind.
void failed_to_start(Turn& turn, const TaskRecord& task, const Reason& why);

/// The service of the kind does not take the user: none is started any more.
void refused(Turn& turn, const std::string& kind, Reason why);

/// The user asks for another try: of all kinds that the task may go to.
void try_again_for(Turn& turn, const TaskRecord& task);
void try_all_again(Turn& turn);

/// Before this no further one is begun; nothing: there is no gap.
std::optional<Time> next_start(const State& state, const std::string& kind);

}  // namespace orch::kinds
