// Takes over what an agent is seen at, and stops the clock of one that waits for the user.
#include "core/activities.hpp"

#include "core/attempts.hpp"
#include "core/budgets.hpp"
#include "core/endings.hpp"
#include "core/healing.hpp"
#include "core/kinds.hpp"
#include "core/messages.hpp"
#include "core/questions.hpp"
#include "orch/core/waiting.hpp"

#include <algorithm>
#include <utility>

namespace orch::activities {
namespace {

Reason why_no_text(const State& state, const TaskRecord& task) {
  Reason limit = limit_reached(state, task);
  if (!limit.empty()) return limit;
  return {.kind = ReasonKind::EnoughTexts, .number = task.auto_texts};
}

Reason reason_of(const AgentTurn& turn) {
  switch (turn.activity) {
    case Activity::Asking:
      return {.kind = ReasonKind::AgentAsks,
              .text = turn.evidence,
              .path = turn.question,
              .names = {turn.kind}};
    case Activity::Failed:
      return {.kind = turn.continue_at ? ReasonKind::AgentContinues : ReasonKind::AgentTurnFailed,
              .text = turn.evidence};
    case Activity::Idle: return {ReasonKind::AgentIdle};
    case Activity::Busy:
    case Activity::Unknown: break;
  }
  if (!turn.stalled_since) return {};
  return {.kind = ReasonKind::AgentStalled, .text = turn.evidence};
}

FactKind fact_of(Activity activity) {
  switch (activity) {
    case Activity::Asking: return FactKind::TaskAsking;
    case Activity::Failed: return FactKind::TaskTurnFailed;
    case Activity::Idle: return FactKind::TaskIdle;
    case Activity::Busy:
    case Activity::Unknown: break;
  }
  return FactKind::TaskStalled;
}

/// Only what is seen while it works on its task is of any concern.
bool is_at_work(const TaskRecord& task, const AgentRun& agent) {
  return task.state == TaskState::Running && !agent.said_done;
}

/// Nobody goes on with what is another task's.
bool is_of_another(const State& state, const AgentRun& agent, const std::string& session) {
  return std::ranges::any_of(state.agents, [&](const auto& entry) {
    const AgentRun& other = entry.second;
    return other.task != agent.task && (other.session == session || other.offered == session);
  });
}

/// The id is what its own program says at first, and what that puts in its place: another program
/// that the agent runs may call the same hooks later.
void take_session(const State& state, AgentRun& agent, const HookCall& call) {
  if (!is_session_id(call.session)) return;
  const bool is_new = call.session != agent.session;
  if (is_new && agent.session_told && !call.replaces) return;
  if (is_new && is_of_another(state, agent, call.session)) return;
  agent.session = call.session;
  agent.session_told = true;
}

/// The same question? Its program tells of one before it is on the screen.
template <class Seen>
bool is_same(const AgentTurn& before, const Seen& event) {
  const bool was_told = before.source == Source::Hook && before.question.empty();
  return was_told || (before.kind == event.kind && before.question == event.question);
}

/// Whoever has the window can make room, and then its turns no longer fail.
void look_for_room(AgentRun& agent) {
  const AgentTurn& seen = agent.turn;
  if (seen.activity == Activity::Failed && seen.error == TurnError::ContextFull) {
    agent.spoilt = Spoilt::ContextFull;
  } else if (seen.activity == Activity::Busy && agent.spoilt == Spoilt::ContextFull) {
    agent.spoilt = Spoilt::No;
  }
}

/// It stopped as its turn was ended, and what has it go on is on its way.
bool has_been_ended(const State& state, const TaskRecord& task, const AgentRun& agent) {
  const bool stopped =
      agent.turn.activity == Activity::Failed && agent.turn.error == TurnError::Other;
  return stopped && has_open_message(state, task) && !task.held;
}

std::vector<std::string> delegated_by(const State& state, const TaskRecord& task) {
  std::vector<std::string> names;
  for (const Delegation& delegation : state.run.delegations)
    if (delegation.parent == task.id()) names.push_back(delegation.task.value);
  return names;
}

/// What follows from its turn as it is by now; `before`: as it was when that was asked last.
void judge(Turn& turn, TaskRecord& task, const AgentTurn& before) {
  const AgentRun& agent = turn.agent_of(task);
  if (agent.control == Control::User) return;
  const AgentTurn& seen = agent.turn;
  if (seen.activity == Activity::Idle && task.plan.spec.coordinates()) {
    task.why = {};
    return attempts::stop_clock(turn, task);
  }
  if (seen.activity == Activity::Idle && has_delegated(turn.state(), task)) {
    task.why = {.kind = ReasonKind::WaitsForOther, .names = delegated_by(turn.state(), task)};
    return attempts::stop_clock(turn, task);
  }
  const bool ends_turn = seen.activity == Activity::Idle && !task.held;
  if (ends_turn && !has_open_message(turn.state(), task) && budgets::ask_instead(turn, task))
    return;
  if (ends_turn && messages::remind(turn, task)) {
    task.why = {};
    return;
  }
  if (questions::answer_by_rule(turn, task)) {
    task.why = {};
    attempts::start_clock(turn, task);
    return;
  }
  if (seen.activity == Activity::Failed && agent.spoilt == Spoilt::ContextFull && !task.held) {
    ++task.failures;
    return endings::begin(turn, task, Ending::Failed,
                          {.kind = ReasonKind::ContextFull, .text = seen.evidence});
  }
  if (has_been_ended(turn.state(), task, agent)) {
    task.why = {};
    return;
  }
  healing::plan_to_continue(turn, task);
  if (healing::fail_over(turn, task)) return;
  task.why = reason_of(seen);
  if (seen.continue_at) task.why.number = (*seen.continue_at - turn.now()).count();
  const bool gives_up = seen.activity == Activity::Failed || seen.activity == Activity::Idle;
  if (gives_up && !messages::may_go_on(turn, task))
    task.why.cause = {why_no_text(turn.state(), task)};
  if (seen.waits_for_user() || seen.continue_at) {
    attempts::stop_clock(turn, task);
  } else {
    attempts::start_clock(turn, task);
  }
  const bool goes_on = before.activity == seen.activity && is_same(before, seen);
  const bool stalls = seen.stalled_since && !before.stalled_since;
  const bool is_news = goes_on ? stalls : stalls || seen.waits_for_user() || seen.continue_at;
  if (is_news) turn.note(fact_of(seen.activity), task.id(), task.why);
}

}  // namespace

void on(Turn& turn, const AgentSeen& event) {
  const TaskRecord* known = turn.find(event.task);
  if (known == nullptr || known->attempts != event.attempt) return;
  if (turn.agent_of(*known).phase != AgentPhase::Live) return;
  TaskRecord& task = turn.edit(*known);
  AgentRun& agent = turn.edit_agent(task);
  const AgentTurn before = agent.turn;
  const bool goes_on = before.activity == event.activity && is_same(before, event);
  agent.turn = {.activity = event.activity,
                .kind = event.kind,
                .evidence = event.evidence,
                .question = event.question,
                .since = goes_on ? before.since : turn.now(),
                .source = event.source,
                .ruling = event.ruling,
                .error = event.error,
                .opens_in = event.opens_in};
  if (goes_on) agent.turn.continue_at = before.continue_at;
  agent.turn.put_back = before.put_back && event.activity != Activity::Busy;
  const bool same_question = before.activity == event.activity && before.question == event.question;
  if (same_question) agent.turn.rule_step = before.rule_step;
  if (event.stalled) agent.turn.stalled_since = before.stalled_since.value_or(turn.now());
  if (event.activity == Activity::Busy || event.activity == Activity::Idle) {
    kinds::got_to_work(turn, agent.kind);
    if (agent.session.empty()) agent.session = agent.offered;
  }
  if (event.activity == Activity::Idle || event.activity == Activity::Asking)
    healing::does_something(turn, task);
  if (!is_at_work(task, agent)) return;
  look_for_room(agent);
  judge(turn, task, before);
}

void on(Turn& turn, const ControlSeen& event) {
  const TaskRecord* known = turn.find(event.task);
  if (known == nullptr || known->attempts != event.attempt) return;
  const AgentRun& now = turn.agent_of(*known);
  if (now.phase != AgentPhase::Live || now.control == event.control) return;
  TaskRecord& task = turn.edit(*known);
  if (event.control == Control::Ours) {
    hand_back(turn, task);
    return;
  }
  AgentRun& agent = turn.edit_agent(task);
  agent.control = Control::User;
  agent.health.concern = {};
  agent.control_since = turn.now();
  const Reason why{ReasonKind::UserControls};
  turn.note(FactKind::TaskUser, task.id(), why);
  if (!is_at_work(task, agent)) return;
  attempts::stop_clock(turn, task);
  task.why = why;
}

bool hand_back(Turn& turn, TaskRecord& task) {
  const AgentRun& known = turn.agent_of(task);
  if (known.phase != AgentPhase::Live || known.control == Control::Ours) return false;
  AgentRun& agent = turn.edit_agent(task);
  agent.control = Control::Ours;
  agent.control_since = turn.now();
  turn.note(FactKind::TaskHandedBack, task.id(), {ReasonKind::UserHandsBack});
  // Nothing was told meanwhile of what it came to.
  if (is_at_work(task, agent)) judge(turn, task, AgentTurn());
  return true;
}

void look_again(Turn& turn, TaskRecord& task) {
  if (!is_at_work(task, turn.agent_of(task))) return;
  if (questions::has_rule(turn.agent_of(task))) judge(turn, task, AgentTurn());
}

void heard(Turn& turn, TaskRecord& task, const HookCall& call) {
  if (turn.agent_of(task).phase != AgentPhase::Live) return;
  AgentRun& agent = turn.edit_agent(task);
  take_session(turn.state(), agent, call);
  if (!call.log.empty()) agent.log = call.log;
  if (call.activity != Activity::Unknown) {
    agent.own = {.event = call.event,
                 .activity = call.activity,
                 .kind = call.kind,
                 .text = call.text,
                 .at = turn.now(),
                 .asks_for = call.asks_for};
  }
  if (call.activity == Activity::Busy || call.activity == Activity::Idle)
    kinds::got_to_work(turn, agent.kind);
  if (!call.reminded) return;
  // One count for both ways to remind it.
  agent.reminders = std::min(agent.reminders + 1, kReminders);
  ++task.auto_texts;
  budgets::count_turn(turn, task);
  turn.note(FactKind::TaskReminded, task.id(), {ReasonKind::AgentReminded});
  if (!is_at_work(task, agent)) return;
  agent.turn = {.since = turn.now(), .source = Source::Hook};
  task.why = {};
  attempts::start_clock(turn, task);
}

void give_to_user(Turn& turn) {
  for (const std::size_t place : turn.agenda().places(Matter::NeedsUser)) {
    TaskRecord& task = turn.edit(turn.state().tasks[place]);
    endings::begin(turn, task, Ending::Block, Reason(task.why));
  }
}

}  // namespace orch::activities
