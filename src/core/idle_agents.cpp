// Who is ended while its work waits to land.
#include "core/idle_agents.hpp"

#include "core/endings.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace orch::idle_agents {
namespace {

/// Does its agent do nothing but wait in its window until the work has landed?
bool waits(const Turn& turn, const TaskRecord& task) {
  const bool is_done = task.state == TaskState::Queued || task.state == TaskState::Landing;
  return is_done && turn.agent_of(task).phase == AgentPhase::Live;
}

/// Its work is in the train: the next step of that may begin at any moment, and not beside its end.
bool is_landing(const Turn& turn, const TaskRecord& task) {
  const auto& landings = turn.run().landings;
  return std::ranges::any_of(landings, [&task](const Landing& landing) {
    return landing.task == task.id() && landing.state != LandingState::Waiting;
  });
}

/// The user types in its window, or a text for it is on its way.
bool is_needed(const Turn& turn, const TaskRecord& task) {
  const AgentRun& agent = turn.agent_of(task);
  return agent.control == Control::User || has_open_message(turn.state(), task) ||
         agent.said_done || is_landing(turn, task) || !turn.is_free(task, Lane::Agent) ||
         !turn.is_free(task, Lane::Worktree);
}

Reason reason_of(int most, const AgentRun& agent) {
  return {.kind = ReasonKind::IdleAgentEnded, .text = agent.session, .number = most};
}

}  // namespace

void end_surplus(Turn& turn) {
  const Rules& rules = turn.run().rules;
  if (turn.run().phase != RunPhase::Running) return;
  const int most = rules.idle_agents < 0 ? rules.workers : rules.idle_agents;
  std::vector<std::pair<std::int64_t, std::size_t>> waiting;  // the longest first
  for (const std::size_t place : turn.agenda().places(Matter::AgentAlive)) {
    const TaskRecord& task = turn.state().tasks[place];
    if (waits(turn, task)) waiting.emplace_back(task.queued_order, place);
  }
  std::ranges::sort(waiting);
  int surplus = static_cast<int>(waiting.size()) - most;
  for (const auto& [order, place] : waiting) {
    if (surplus <= 0) return;
    const TaskRecord& task = turn.state().tasks[place];
    if (is_needed(turn, task)) continue;
    --surplus;
    turn.note(FactKind::TaskAgentEnded, task.id(), reason_of(most, turn.agent_of(task)));
    endings::stop_agent(turn, turn.edit(task));
  }
}

}  // namespace orch::idle_agents
