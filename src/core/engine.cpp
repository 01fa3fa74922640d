// One event in, one decision out: takes each event to its part, and looks afterwards what may move.
#include "orch/core/engine.hpp"

#include "core/activities.hpp"
#include "core/admission.hpp"
#include "core/anomalies.hpp"
#include "core/attempts.hpp"
#include "core/base_branch.hpp"
#include "core/budgets.hpp"
#include "core/clean_up.hpp"
#include "core/commands.hpp"
#include "core/coordination.hpp"
#include "core/delegation.hpp"
#include "core/dispatch.hpp"
#include "core/endings.hpp"
#include "core/forecast.hpp"
#include "core/healing.hpp"
#include "core/idle_agents.hpp"
#include "core/kinds.hpp"
#include "core/landing.hpp"
#include "core/landing_queue.hpp"
#include "core/locks.hpp"
#include "core/outbox.hpp"
#include "core/phases.hpp"
#include "core/pushes.hpp"
#include "core/questions.hpp"
#include "core/returns.hpp"
#include "core/reviews.hpp"
#include "core/roster.hpp"
#include "core/ticks.hpp"
#include "core/turn.hpp"
#include "core/typing.hpp"
#include "core/usages.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace orch {
namespace {

// ---- how each effect ended, to the part that asked for it ----

using activities::on;
using admission::on;
using anomalies::on;
using attempts::on;
using base_branch::on;
using clean_up::on;
using commands::on;
using delegation::on;
using endings::on;
using forecast::on;
using healing::on;
using landing::on;
using phases::on;
using pushes::on;
using questions::on;
using returns::on;
using reviews::on;
using ticks::on;
using typing::on;
using usages::on;

void on(Turn& turn, const EffectEnded& event) {
  // What is not under way has ended before: this is old news.
  if (!outbox::is_under_way(turn.state(), event.effect)) return;
  if (outbox::is_tried_again(turn, event.effect, event.outcome)) return;
  const Effect effect = outbox::take_out(turn, event.effect);
  const TaskId& id = task_of(effect);
  if (!id.value.empty() && turn.find(id) == nullptr) {
    return turn.note(FactKind::RunTrouble, id,
                     {.kind = ReasonKind::WrongTask, .text = std::string(name_of(effect))});
  }
  std::visit(
      [&]<class Kind>(const Kind& ended) { on(turn, ended, outbox::ends_of<Kind>(event.outcome)); },
      effect);
  TaskRecord* task = turn.edit(id);
  if (task == nullptr || !turn.is_idle(*task)) return;
  // What could not be done while the effect was in the way.
  if (is_ending(task->state)) return endings::carry_on(turn, *task);
  const bool may_check = task->state == TaskState::Running || task->state == TaskState::Blocked ||
                         task->state == TaskState::Queued;
  if (turn.agent_of(*task).said_done && may_check) attempts::check_work(turn, *task);
}

// ---- what happens to the run as a whole ----

void on(Turn& turn, const RunStarted& event) {
  RunRecord& run = turn.edit_run();
  run = {};
  run.rules = event.rules;
  run.base_start = run.integration = run.followed = run.follow_tried = event.base;
  run.started = turn.now();
  turn.clear_outbox();
  turn.replace_tasks({});
  roster::take_tasks(turn, event.tasks, roster::Occasion::Start);
  ticks::take_as_merged(turn, event.merged);
  turn.note(FactKind::RunStarted, {},
            {.kind = ReasonKind::TasksOnBase,
             .text = run.rules.base,
             .number = std::ranges::count_if(turn.state().tasks, [](const TaskRecord& task) {
               return !task.plan.spec.coordinates();
             })});
  admission::on(turn, event.memory);
  phases::begin(turn);
}

/// What the user once said of doubts stays said, unless it is said otherwise now.
void keep_answers(Rules& rules, const Rules& before) {
  const auto is_new = [now = rules](const TaskId& id) {
    return std::ranges::find(now.started, id) == now.started.end() &&
           std::ranges::find(now.skipped, id) == now.skipped.end();
  };
  std::ranges::copy_if(before.started, std::back_inserter(rules.started), is_new);
  std::ranges::copy_if(before.skipped, std::back_inserter(rules.skipped), is_new);
}

void on(Turn& turn, const RunResumed& event) {
  RunRecord& run = turn.edit_run();
  const Rules before = std::exchange(run.rules, event.rules);
  keep_answers(run.rules, before);
  // A run goes on with its coordinator.
  if (run.rules.coordinator.agent.empty()) run.rules.coordinator.agent = before.coordinator.agent;
  outbox::try_all_again(turn);
  kinds::try_all_again(turn);
  budgets::begin_anew(turn);
  run.waiting_for_user.reset();
  roster::take_tasks(turn, event.tasks, roster::Occasion::Resume);
  ticks::late_are_due(turn);
  ticks::follow_marks(turn, event.unticked);
  run.last_ticks = false;
  turn.note(FactKind::RunResumed, {});
  admission::on(turn, event.memory);
  phases::go_on(turn);
  for (const TaskRecord& task : turn.state().tasks) {
    if (task.state == TaskState::Blocked) endings::go_on_if_stuck(turn, turn.edit(task));
    if (budgets::is_raised(turn.state(), task)) commands::go_on(turn, turn.edit(task));
    if (event.retry_failed && task.state == TaskState::Failed)
      commands::retry(turn, turn.edit(task));
  }
}

void on(Turn& turn, const TasksChanged& event) {
  roster::take_tasks(turn, event.tasks, roster::Occasion::Edit);
  ticks::follow_marks(turn, event.unticked);
}

void on(Turn& turn, const ClockTicked&) {
  attempts::enforce_limits(turn);
}

/// What may move now, whatever the event was.
void settle(Turn& turn) {
  for (const std::size_t place : turn.agenda().places(Matter::Delayed)) {
    const TaskRecord& task = turn.state().tasks[place];
    if (*task.not_before <= turn.now()) turn.edit(task).not_before.reset();
  }
  outbox::go_through(turn);
  phases::go_on_if_possible(turn);
  healing::carry_on(turn);
  delegation::carry_on(turn);
  locks::release_of_ended(turn);
  locks::tell_of_long(turn);
  dispatch::start_what_can(turn);
  delegation::start_lent(turn);
  coordination::start_if_due(turn);
  reviews::begin_next(turn);
  landing_queue::begin_next(turn);
  idle_agents::end_surplus(turn);
  base_branch::follow_if_due(turn);
  pushes::push_if_due(turn);
  clean_up::carry_on(turn);
  coordination::tell_if_due(turn);
  typing::type_next(turn);
  ticks::write_owed(turn);
  phases::finish_if_over(turn);
}

}  // namespace

Engine::Engine() : Engine(State()) {}

Engine::Engine(State state) : state_(std::move(state)), agenda_(std::make_unique<Agenda>(state_)) {}

Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;
Engine::~Engine() = default;

Decision Engine::handle(const Event& event, Time now) {
  Turn turn(state_, *agenda_, now);
  std::visit([&turn](const auto& happened) { on(turn, happened); }, event);
  settle(turn);
  turn.agenda();
  return turn.take_decision();
}

std::optional<Time> Engine::next_wake() const {
  std::optional<Time> wake;
  const auto consider = [&wake](std::optional<Time> time) {
    if (time && (!wake || *time < *wake)) wake = time;
  };
  const RunRecord& run = state_.run;
  for (const auto& [id, entry] : state_.pending)
    consider(outbox::due(state_, entry));
  if (run.phase != RunPhase::Running) return wake;
  for (const std::size_t place : agenda_->places(Matter::Delayed))
    consider(state_.tasks[place].not_before);
  for (const std::size_t place : agenda_->places(Matter::ClockRuns))
    consider(attempts::limit_reached_at(state_, state_.tasks[place]));
  consider(typing::next_time(state_));
  consider(coordination::next_time(state_));
  consider(locks::next_time(state_));
  consider(healing::next_time(state_, *agenda_));
  // With something in flight its end is waited for, not a time.
  if (state_.pending.empty()) consider(phases::end_of_waiting(state_, *agenda_));
  return wake;
}

bool Engine::is_at_rest() const {
  return outbox::is_at_rest(state_);
}

}  // namespace orch
