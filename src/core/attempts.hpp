#pragma once
// The life of one attempt: worktree, agent, what it says, and what it leaves.
#include "core/turn.hpp"

#include <string>

namespace orch::attempts {

/// A fresh attempt on this worker by an agent of this kind, from the integration branch or where
/// the one before stood.
void start(Turn& turn, TaskRecord& task, int worker, const std::string& kind);

/// Its agent, or the user (`as_is`), says done: what it left is looked at.
void check_work(Turn& turn, TaskRecord& task, bool as_is = false);

/// An agent that ends at once may be heard of before its start has been confirmed.
void on(Turn& turn, const AgentExited& event);
void on(Turn& turn, const AgentReported& event);
void on(Turn& turn, const CreateWorktree& effect, const CreateWorktree::Ends& end);
void on(Turn& turn, const StartAgent& effect, const StartAgent::Ends& end);
void on(Turn& turn, const CollectWork& effect, const CollectWork::Ends& end);

/// Those that have run longer than they may are ended.
void enforce_limits(Turn& turn);

/// When the time limit of this task is reached; nothing: its clock does not run.
std::optional<Time> limit_reached_at(const State& state, const TaskRecord& task);

/// The clock of its time limit.
void start_clock(Turn& turn, const TaskRecord& task);
void stop_clock(Turn& turn, TaskRecord& task);

/// The kind of agent that it gets where there is no choice.
const std::string& usual_kind(const State& state, const TaskRecord& task);
const AgentRules& rules_of(const State& state, const std::string& kind);

/// What the file asks for beyond what earlier attempts have done.
std::vector<std::string> items_unmerged(const TaskRecord& task);

}  // namespace orch::attempts
