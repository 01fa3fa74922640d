// Counts, compares, and asks.
#include "core/budgets.hpp"

#include "core/attempts.hpp"
#include "core/outbox.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace orch {
namespace {

/// Its kind says which of the two limits is reached.
Reason reached(const Budget& budget, const Spent& spent, const Spent& granted, ReasonKind by_cost,
               ReasonKind by_turns) {
  if (budget.cost > 0 && spent.cost - granted.cost >= budget.cost)
    return {.kind = by_cost, .number = spent.cost};
  if (budget.turns > 0 && spent.turns - granted.turns >= budget.turns)
    return {.kind = by_turns, .number = spent.turns};
  return {};
}

Reason limit_of_run(const RunRecord& run) {
  return reached(run.rules.run_budget, run.spent, run.granted, ReasonKind::RunCost,
                 ReasonKind::RunTurns);
}

Reason limit_of_task(const State& state, const TaskRecord& task) {
  return reached(state.run.rules.task_budget, task.spent, task.granted, ReasonKind::TaskCost,
                 ReasonKind::TaskTurns);
}

}  // namespace

Reason limit_reached(const State& state, const TaskRecord& task) {
  if (Reason reason = limit_of_task(state, task); !reason.empty()) return reason;
  if (Reason reason = limit_of_run(state.run); !reason.empty()) return reason;
  const int most = state.run.rules.auto_restarts;
  if (task.state != TaskState::Waiting || task.auto_restarts <= most) return {};
  Reason reason = because_of(ReasonKind::TaskRestarts, task.ending_why);
  reason.number = most;
  return reason;
}

bool may_be_texted(const State& state, const TaskRecord& task) {
  return task.auto_texts < state.run.rules.auto_texts && limit_reached(state, task).empty();
}

namespace budgets {
namespace {

// A program that has not ended its turn is not asked to with every figure that it writes.
constexpr Span kAskedAgain = std::chrono::minutes(1);

bool is_by_cost(const Reason& reason) {
  return reason.kind == ReasonKind::TaskCost || reason.kind == ReasonKind::RunCost;
}

void ask(Turn& turn, TaskRecord& task, Reason why) {
  attempts::stop_clock(turn, task);
  turn.enter(task, Step::Block, why);
  turn.note(FactKind::TaskBlocked, task.id(), std::move(why));
}

/// Each turn costs more while it lasts.
void end_turn(Turn& turn, TaskRecord& task) {
  const AgentRun& known = turn.agent_of(task);
  const bool may = known.phase == AgentPhase::Live && known.control == Control::Ours &&
                   known.turn.activity == Activity::Busy && turn.is_free(task, Lane::Pane) &&
                   attempts::rules_of(turn.state(), known.kind).interruptible;
  if (!may || (known.interrupts > 0 && turn.now() - known.interrupted < kAskedAgain)) return;
  AgentRun& agent = turn.edit_agent(task);
  agent.interrupted = turn.now();
  outbox::emit(turn, InterruptTurn{.task = task.id(),
                                   .attempt = agent.attempt,
                                   .number = ++agent.interrupts,
                                   .agent = agent.kind,
                                   .resend = false});
}

void stop_what_costs(Turn& turn, TaskRecord& task) {
  if (turn.agent_of(task).control == Control::User) return;
  const Reason why = limit_reached(turn.state(), task);
  if (!is_by_cost(why)) return;
  if (task.state == TaskState::Running && !turn.agent_of(task).said_done) ask(turn, task, why);
  if (task.state == TaskState::Blocked && is_by_cost(task.why)) end_turn(turn, task);
}

std::int64_t cost_of_task(const RunRecord& run, const TaskRecord& task) {
  UsageSum sum;
  add_used(sum, run, task);
  return sum.cost;
}

}  // namespace

void count_turn(Turn& turn, TaskRecord& task) {
  ++task.spent.turns;
  ++turn.edit_run().spent.turns;
}

void count_cost(Turn& turn, TaskRecord& task) {
  const std::int64_t cost = cost_of_task(turn.run(), task);
  turn.edit_run().spent.cost += cost - std::exchange(task.spent.cost, cost);
  stop_what_costs(turn, task);
  if (limit_of_run(turn.run()).empty()) return;
  for (const std::size_t place : turn.agenda().places(Matter::AtWork))
    stop_what_costs(turn, turn.edit(turn.state().tasks[place]));
}

void begin_anew(Turn& turn) {
  std::int64_t all = 0;
  for (const TaskRecord& known : turn.state().tasks) {
    const std::int64_t cost = cost_of_task(turn.run(), known);
    if (cost != known.spent.cost || known.auto_restarts > 0) {
      TaskRecord& task = turn.edit(known);
      task.spent.cost = cost;
      task.auto_restarts = 0;
    }
    all += cost;
  }
  turn.edit_run().spent.cost = all;
}

bool ask_instead(Turn& turn, TaskRecord& task) {
  Reason why = limit_reached(turn.state(), task);
  if (why.empty() || task.state != TaskState::Running) return false;
  ask(turn, task, std::move(why));
  return true;
}

bool is_raised(const State& state, const TaskRecord& task) {
  const ReasonKind kind = task.why.kind;
  const bool is_limit =
      is_by_cost(task.why) || kind == ReasonKind::TaskTurns || kind == ReasonKind::RunTurns;
  return task.state == TaskState::Blocked && is_limit && limit_reached(state, task).empty();
}

void grant(Turn& turn, TaskRecord& task) {
  task.auto_restarts = 0;
  if (!limit_of_task(turn.state(), task).empty()) task.granted = task.spent;
  if (!limit_of_run(turn.run()).empty()) turn.edit_run().granted = turn.run().spent;
}

}  // namespace budgets
}  // namespace orch
