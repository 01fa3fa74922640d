// The phases of a run.
#include "core/phases.hpp"

#include "core/activities.hpp"
#include "core/base_branch.hpp"
#include "core/coordination.hpp"
#include "core/delegation.hpp"
#include "core/dispatch.hpp"
#include "core/endings.hpp"
#include "core/healing.hpp"
#include "core/outbox.hpp"
#include "core/pushes.hpp"
#include "core/ticks.hpp"

#include <algorithm>
#include <utility>

namespace orch::phases {
namespace {

bool only_the_user_can_help(Turn& turn) {
  const State& state = turn.state();
  if (state.run.landing_under_way() != nullptr || !state.run.base_tip.empty()) return false;
  if (!state.run.undos.empty()) return false;
  if (healing::pauses_any(state) && dispatch::could_start_any(turn)) return false;
  if (dispatch::waits_for_room(turn)) return false;
  const Agenda& agenda = turn.agenda();
  // What is queued is active, too, and does not move while it is held.
  const std::size_t at_rest = agenda.count(Matter::Queued) + agenda.count(Matter::NeedsUser) +
                              delegation::stuck(state).size();
  if (agenda.count(Matter::Active) > at_rest) return false;
  const auto moves = [&state](std::size_t place) {
    const TaskRecord& task = state.tasks[place];
    return task.state == TaskState::Queued ? !task.held : task.state == TaskState::Waiting;
  };
  return std::ranges::none_of(agenda.places(Matter::Queued), moves) &&
         std::ranges::none_of(agenda.places(Matter::Delayed), moves);
}

void stop_agents(Turn& turn) {
  for (const std::size_t place : turn.agenda().places(Matter::AgentAlive)) {
    const TaskRecord& task = turn.state().tasks[place];
    const bool free = turn.is_free(task, Lane::Agent) && !is_ending(task.state);
    if (free) endings::stop_agent(turn, turn.edit(task));
  }
}

void stop_if_at_rest(Turn& turn) {
  if (!turn.run().keep_agents) stop_agents(turn);
  if (!outbox::is_at_rest(turn.state()) || base_branch::follow_once_more(turn)) return;
  RunRecord& run = turn.edit_run();
  run.phase = RunPhase::Stopped;
  run.ended = turn.now();
  turn.note(FactKind::RunStopped, {});
}

// D11: not a task waits for the user, but all that could begin.
const Reason* why_nothing_starts(Turn& turn) {
  const Reason* stopped = nullptr;
  for (const Agenda::Rank& rank : turn.agenda().ready()) {
    stopped = stop_of_kind(turn.state(), turn.state().tasks[std::get<std::size_t>(rank)]);
    if (stopped == nullptr) return nullptr;
  }
  return stopped;
}

/// Some tasks wait for the user. False: for longer than anybody is waited for.
bool waits_for_user(Turn& turn) {
  if (turn.agenda().count(Matter::Open) == 0) return false;
  RunRecord& run = turn.edit_run();
  if (!run.waiting_for_user) {
    run.waiting_for_user = turn.now();
    if (const Reason* why = why_nothing_starts(turn))
      turn.note(FactKind::RunCritical, {}, because_of(ReasonKind::NothingStarts, *why));
    turn.note(FactKind::RunWaiting, {});
  }
  const std::optional<Time> end = end_of_waiting(turn.state(), turn.agenda());
  return !end || turn.now() < *end;
}

}  // namespace

std::optional<Time> end_of_waiting(const State& state, const Agenda& agenda) {
  // A dialog may be answered in a moment by somebody who looks at it: no agent is ended at once.
  constexpr Span kForAgents = std::chrono::seconds(30);
  const RunRecord& run = state.run;
  if (!run.waiting_for_user || !run.rules.wait_user) return std::nullopt;
  const Span least = agenda.count(Matter::NeedsUser) > 0 ? kForAgents : Span{0};
  return *run.waiting_for_user + std::max(*run.rules.wait_user, least);
}

bool goes_on(Turn& turn) {
  if (!only_the_user_can_help(turn)) return true;
  return turn.agenda().count(Matter::Open) > 0 && !turn.run().rules.wait_user;
}

void begin(Turn& turn) {
  RunRecord& run = turn.edit_run();
  const bool tested_first = run.rules.tested && run.rules.test_base && run.dispatched == 0;
  run.phase = tested_first ? RunPhase::TestingBase : RunPhase::Running;
  const bool under_way = std::ranges::any_of(turn.state().pending, [](const auto& pending) {
    return std::holds_alternative<TestBase>(pending.second.effect);
  });
  if (tested_first && !under_way) outbox::emit(turn, TestBase{run.integration});
}

void go_on(Turn& turn) {
  RunRecord& run = turn.edit_run();
  if (run.phase == RunPhase::Running || run.phase == RunPhase::TestingBase) return;
  run.why = {};
  run.ended = {};
  run.keep_agents = false;
  run.follow_tried = run.base_refused = {};
  pushes::begin_anew(run);
  // Nothing has begun before the base has passed its tests, whatever came in between.
  begin(turn);
}

void go_down(Turn& turn, bool keep_agents) {
  RunRecord& run = turn.edit_run();
  const bool kept = run.phase == RunPhase::Stopped && run.keep_agents && !keep_agents;
  const bool under_way = run.phase == RunPhase::TestingBase || run.phase == RunPhase::Running ||
                         run.phase == RunPhase::Stopping;
  if (!under_way && !kept)
    return turn.refuse({.kind = RefusalKind::RunIsOver, .word = std::string(to_text(run.phase))});
  run.phase = RunPhase::Stopping;
  run.keep_agents = keep_agents;
  turn.note(FactKind::RunStopping, {},
            {keep_agents ? ReasonKind::AgentsGoOn : ReasonKind::AgentsStopped});
  if (keep_agents) return;
  coordination::end(turn);
  // What is done stays done; the agents that are idle are stopped as soon as nothing is in flight.
  for (const std::size_t place : turn.agenda().places(Matter::Active)) {
    const TaskRecord& task = turn.state().tasks[place];
    if (task.state != TaskState::Preparing && task.state != TaskState::Running) continue;
    endings::begin(turn, turn.edit(task), Ending::Interrupt, {ReasonKind::RunStopped});
  }
}

void go_on_if_possible(Turn& turn) {
  const RunPhase phase = turn.run().phase;
  if (phase != RunPhase::Finishing && phase != RunPhase::Finished) return;
  if (only_the_user_can_help(turn) && !dispatch::could_start_any(turn)) return;
  RunRecord& run = turn.edit_run();
  run.phase = RunPhase::Running;
  run.ended = {};
  run.last_ticks = false;
}

void finish_if_over(Turn& turn) {
  if (turn.run().phase == RunPhase::Stopping) return stop_if_at_rest(turn);
  if (turn.run().phase != RunPhase::Running) return;
  if (!only_the_user_can_help(turn)) return turn.edit_run().waiting_for_user.reset();
  if (coordination::is_at_work(turn.state())) return;
  if (waits_for_user(turn)) return;
  coordination::end(turn);
  activities::give_to_user(turn);
  for (const TaskId& id : delegation::stuck(turn.state())) {
    TaskRecord& task = *turn.edit(id);
    endings::begin(turn, task, Ending::Block, Reason(task.why));
  }
  stop_agents(turn);
  if (!turn.state().pending.empty() || coordination::clean_up(turn)) return;
  if (ticks::retry_late(turn) || base_branch::follow_at_end(turn)) return;
  if (pushes::push_at_end(turn)) return;
  RunRecord& run = turn.edit_run();
  run.phase = RunPhase::Finishing;
  run.ended = turn.now();
  outbox::emit(turn, WriteReport{});
}

void on(Turn& turn, const WriteReport&, const WriteReport::Ends& end) {
  if (const auto* failure = std::get_if<NotDone>(&end))
    turn.note(FactKind::RunTrouble, {}, because_of(ReasonKind::NoReport, quoted(failure->why)));
  RunRecord& run = turn.edit_run();
  if (std::exchange(run.report_is_old, false)) return outbox::emit(turn, WriteReport{});
  if (run.phase != RunPhase::Finishing) return;
  run.phase = RunPhase::Finished;
  turn.note(FactKind::RunFinished, {}, run.why);
}

}  // namespace orch::phases
