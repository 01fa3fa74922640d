// Which tasks have to be looked at for what.
#include "core/agenda.hpp"

#include <algorithm>

namespace orch {

Agenda::Agenda(const State& state)
    : ranks_(state.tasks.size()), dependents_(state.tasks.size()), states_(state.tasks.size()) {
  for (std::size_t place = 0; place < state.tasks.size(); ++place) {
    std::get<std::size_t>(ranks_[place]) = place;  // no other task's rank, before it has its own
    for (const TaskId& need : state.tasks[place].needs) {
      const TaskRecord* needed = state.find(need);
      if (needed != nullptr) dependents_[state.tasks.place_of(*needed)].push_back(place);
    }
  }
  for (std::size_t place = 0; place < state.tasks.size(); ++place)
    look_at(state, place);
}

void Agenda::update(const State& state, const TaskRecord& task) {
  const std::size_t place = state.tasks.place_of(task);
  const bool was_merged = states_[place] == TaskState::Merged;
  look_at(state, place);
  if (was_merged == (task.state == TaskState::Merged)) return;
  for (const std::size_t dependent : dependents_[place])
    rank(state, dependent);
}

void Agenda::put(Matter matter, std::size_t place, bool belongs) {
  if (belongs) {
    set_of(matter).insert(place);
  } else {
    set_of(matter).erase(place);
  }
}

void Agenda::look_at(const State& state, std::size_t place) {
  const TaskRecord& task = state.tasks[place];
  const AgentRun& agent = state.agent_of(task);
  // Of who coordinates nothing lands, and no run waits for it.
  const bool is_work = !task.plan.spec.coordinates();
  const bool open = task.counts() && !is_final(task.state);
  const bool landed = task.state == TaskState::Merged || task.state == TaskState::PartLanded;
  const bool waits = task.state == TaskState::Waiting || task.state == TaskState::Queued;
  const bool landed_here = task.state == TaskState::Merged && task.cleaned && !task.merged.empty();
  const bool ends = landed_here || task.state == TaskState::Failed || is_taken_back(task);
  const bool marked = ends && !task.plan.spec.is_made();
  put(Matter::Active, place, is_work && is_active(task.state));
  put(Matter::Open, place, open);
  put(Matter::OpenP0, place, open && task.plan.effective_priority == Priority::P0);
  put(Matter::AtWork, place, task.worker != 0);
  put(Matter::AgentAlive, place, agent.is_to_be_stopped());
  put(Matter::ClockRuns, place, is_work && task.state == TaskState::Running && agent.busy_since);
  put(Matter::NeedsUser, place, is_work && agent_waits_for_user(state, task));
  put(Matter::ContinuesLater, place,
      agent.phase == AgentPhase::Live && agent.turn.continue_at.has_value());
  put(Matter::Hangs, place,
      task.state == TaskState::Running && agent.phase == AgentPhase::Live &&
          agent.turn.activity == Activity::Busy && agent.turn.stalled_since);
  put(Matter::Delayed, place, waits && task.not_before);
  put(Matter::Queued, place, task.state == TaskState::Queued);
  put(Matter::Landed, place, landed && !task.cleaned);
  put(Matter::TickOwed, place, marked && task.tick == Tick::Due);
  put(Matter::TickLate, place, task.tick == Tick::Late);
  states_[place] = task.state;
  rank(state, place);
}

void Agenda::rank(const State& state, std::size_t place) {
  const TaskRecord& task = state.tasks[place];
  ready_.erase(ranks_[place]);
  ranks_[place] = {task.plan.effective_priority, -task.plan.chain, place};
  const bool waits = task.state == TaskState::Waiting && task.counts() && !task.held;
  const bool met = std::ranges::all_of(task.needs, [&state](const TaskId& id) {
    const TaskRecord* needed = state.find(id);
    return needed == nullptr || needed->state == TaskState::Merged;
  });
  if (waits && met) ready_.insert(ranks_[place]);
}

std::vector<std::size_t> Agenda::places(Matter matter) const {
  const std::set<std::size_t>& set = set_of(matter);
  return {set.begin(), set.end()};
}

}  // namespace orch
