// Whether the machine has room for another agent.
#include "core/admission.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace orch::admission {
namespace {

Reason reason_of(const MemorySeen& event) {
  Reason reason{.kind = ReasonKind::MemoryShort, .number = event.available};
  if (event.biggest.value.empty()) return reason;
  reason.cause = {{.kind = ReasonKind::BiggestAgent,
                   .number = event.memory,
                   .names = {event.biggest.value, std::to_string(event.processes)}}};
  return reason;
}

}  // namespace

void on(Turn& turn, const MemorySeen& event) {
  RunRecord& run = turn.edit_run();
  const bool was_short = !run.memory_short.empty();
  run.memory_short = event.is_short ? reason_of(event) : Reason();
  if (event.is_short == was_short) return;
  if (event.is_short) return turn.note(FactKind::RunMemoryShort, {}, run.memory_short);
  turn.note(FactKind::RunMemoryEnough, {},
            {.kind = ReasonKind::MemoryEnough, .number = event.available});
}

void on(Turn& turn, const AgentOverloads& event) {
  const TaskRecord* task = turn.find(event.task);
  if (task == nullptr || task->attempts != event.attempt) return;
  const AgentRun& agent = turn.agent_of(*task);
  if (agent.phase != AgentPhase::Live || agent.overloads) return;
  turn.edit_agent(*task).overloads = true;
  Reason reason{.kind = ReasonKind::AgentOverloads, .number = event.percent};
  for (const TaskId& starved : event.starved)
    reason.names.push_back(starved.value);
  turn.note(FactKind::TaskOverloads, task->id(), std::move(reason));
}

bool is_any_at_work(const State& state) {
  return std::ranges::any_of(state.tasks, [](const TaskRecord& task) {
    return task.worker != 0 && task.state != TaskState::Waiting;
  });
}

Reason why_not(const State& state) {
  const Reason& reason = state.run.memory_short;
  return reason.empty() || !is_any_at_work(state) ? Reason() : reason;
}

}  // namespace orch::admission
