// From how much there is of an anomaly to what is done about it.
#include "core/anomalies.hpp"

#include "core/attempts.hpp"
#include "core/endings.hpp"
#include "core/healing.hpp"
#include "core/messages.hpp"
#include "core/outbox.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

namespace orch::anomalies {
namespace {

bool is_at_work(const TaskRecord& task, const AgentRun& agent) {
  return task.state == TaskState::Running && agent.phase == AgentPhase::Live && !agent.said_done;
}

/// nullptr: there is none, or it is off.
const AnomalyRule* rule_of(const Turn& turn, Anomaly anomaly) {
  const AnomalyRules& rules = turn.run().rules.anomalies;
  const auto found = rules.find(std::string(to_text(anomaly)));
  return found == rules.end() || found->second.actions.empty() ? nullptr : &found->second;
}

AnomalyRecord record_of(const AgentRun& agent, Anomaly anomaly) {
  const auto found = agent.health.anomalies.find(std::string(to_text(anomaly)));
  return found == agent.health.anomalies.end() ? AnomalyRecord() : found->second;
}

bool is_due(const Turn& turn, const AnomalyRule& rule, const AnomalyRecord& record,
            const AnomalySeen& event) {
  if (record.fired == 0) return true;
  return event.serial != record.serial && turn.now() - record.at >= rule.cool_down;
}

/// What it is told is out of date, and so is what the user is told of it.
void is_over(Turn& turn, const TaskRecord& known, Anomaly anomaly) {
  const AgentRun& agent = turn.agent_of(known);
  const std::string name(to_text(anomaly));
  const auto found = agent.health.anomalies.find(name);
  if (found == agent.health.anomalies.end() || found->second.serial == 0) return;
  TaskRecord& task = turn.edit(known);
  AgentHealth& health = turn.edit_agent(task).health;
  health.anomalies.at(name).serial = 0;
  if (!health.concern.names.empty() && health.concern.names.front() == name) health.concern = {};
  // Whose turn was ended is told why: that end is what has ended it.
  if (health.anomalies.at(name).action == AnomalyAction::Interrupt) return;
  messages::withdraw_guidance(turn, task, name);
}

bool may_interrupt(const Turn& turn, const AgentRun& agent) {
  const bool has_keys = attempts::rules_of(turn.state(), agent.kind).interruptible;
  return has_keys && agent.interrupts < kInterrupts;
}

/// What ends the last attempt would end the task, and so would one that may not be begun again.
bool may_restart(const Turn& turn, const TaskRecord& task) {
  const Rules& rules = turn.run().rules;
  return task.crashes + task.failures + 1 < rules.attempts &&
         task.auto_restarts < rules.auto_restarts;
}

/// A person is at it.
bool is_left_alone(const TaskRecord& task, const AgentRun& agent) {
  return agent.control == Control::User || task.held;
}

bool may_be_told(const Turn& turn, const TaskRecord& task) {
  const AgentRun& agent = turn.agent_of(task);
  if (!attempts::rules_of(turn.state(), agent.kind).seen) return false;
  return messages::is_guided(turn.state(), task) || messages::may_go_on(turn, task);
}

bool may_do(const Turn& turn, const TaskRecord& task, AnomalyAction action) {
  switch (action) {
    case AnomalyAction::Message: return may_be_told(turn, task);
    case AnomalyAction::Interrupt:
      return may_be_told(turn, task) && may_interrupt(turn, turn.agent_of(task));
    case AnomalyAction::Restart: return may_restart(turn, task);
    case AnomalyAction::Note:
    case AnomalyAction::Abort:
    case AnomalyAction::Pause:
    case AnomalyAction::Tell: break;
  }
  return true;
}

/// The one that has its turn, unless there is a ceiling: then the user is asked.
AnomalyAction next_action(const Turn& turn, const TaskRecord& task, const AnomalyRule& rule,
                          int steps) {
  if (is_left_alone(task, turn.agent_of(task))) return AnomalyAction::Note;
  const std::size_t last = rule.actions.size() - 1;
  const AnomalyAction wanted = rule.actions[std::min(static_cast<std::size_t>(steps), last)];
  return may_do(turn, task, wanted) ? wanted : AnomalyAction::Tell;
}

void interrupt(Turn& turn, TaskRecord& task) {
  AgentRun& agent = turn.edit_agent(task);
  ++agent.interrupts;
  agent.interrupted = turn.now();
  outbox::emit(turn, InterruptTurn{.task = task.id(),
                                   .attempt = agent.attempt,
                                   .number = agent.interrupts,
                                   .agent = agent.kind});
}

Spoilt spoilt_by(Anomaly anomaly) {
  switch (anomaly) {
    case Anomaly::Loop: return Spoilt::Loop;
    case Anomaly::MalformedCalls: return Spoilt::MalformedCalls;
    case Anomaly::ToolErrors:
    case Anomaly::Context:
    case Anomaly::OutsideEdit:
    case Anomaly::Scope:
    case Anomaly::BlankStart:
    case Anomaly::Frozen:
    case Anomaly::RunawayOutput:
    case Anomaly::OtherBranch:
    case Anomaly::OtherWorktree:
    case Anomaly::Conflict:
    case Anomaly::BadReport: break;
  }
  return Spoilt::No;
}

void carry_out(Turn& turn, TaskRecord& task, const AnomalyRule& rule, const AnomalySeen& event,
               AnomalyAction action, const Reason& why) {
  const std::string name(to_text(event.anomaly));
  switch (action) {
    case AnomalyAction::Note: return;
    case AnomalyAction::Message: return messages::guide(turn, task, name);
    case AnomalyAction::Interrupt: messages::guide(turn, task, name); return interrupt(turn, task);
    case AnomalyAction::Restart:
      ++task.failures;
      return endings::begin_spoilt(turn, task, Ending::Failed, why, spoilt_by(event.anomaly));
    case AnomalyAction::Abort: return endings::begin(turn, task, Ending::Block, why);
    case AnomalyAction::Pause: return healing::pause(turn, task, rule.cool_down, why);
    case AnomalyAction::Tell: turn.edit_agent(task).health.concern = why; return;
  }
}

void fire(Turn& turn, TaskRecord& task, const AnomalyRule& rule, const AnomalySeen& event) {
  const std::string name(to_text(event.anomaly));
  const int steps = record_of(turn.agent_of(task), event.anomaly).steps;
  const AnomalyAction action = next_action(turn, task, rule, steps);
  // Where a text is being typed, it waits for what happens next.
  if (action == AnomalyAction::Interrupt && !turn.is_free(task, Lane::Pane)) return;
  AgentRun& agent = turn.edit_agent(task);
  AnomalyRecord& record = agent.health.anomalies[name];
  record = {.fired = record.fired + 1,
            .steps = is_left_alone(task, agent) ? steps : steps + 1,
            .at = turn.now(),
            .action = action,
            .amount = event.amount,
            .evidence = event.evidence,
            .serial = event.serial};
  const bool is_told = action == AnomalyAction::Tell;
  const Reason why{
      .kind = is_told ? ReasonKind::AnomalyTold : ReasonKind::AnomalyFound,
      .text = event.evidence,
      .number = event.amount,
      .names = {name, std::string(to_text(rule.severity)), std::string(to_text(action))}};
  turn.note(FactKind::TaskAnomaly, task.id(), why);
  carry_out(turn, task, rule, event, action, why);
}

}  // namespace

void on(Turn& turn, const AnomalySeen& event) {
  const TaskRecord* task = turn.find(event.task);
  if (task == nullptr || task->attempts != event.attempt) return;
  const AgentRun& agent = turn.agent_of(*task);
  const AnomalyRule* rule = rule_of(turn, event.anomaly);
  if (rule == nullptr || !is_at_work(*task, agent)) return;
  if (event.amount < rule->threshold) return is_over(turn, *task, event.anomaly);
  if (is_due(turn, *rule, record_of(agent, event.anomaly), event))
    fire(turn, turn.edit(*task), *rule, event);
}

void look_at_context(Turn& turn, const AgentUsed& event) {
  const Usage& usage = event.usage;
  if (usage.context_window <= 0) return;
  on(turn,
     AnomalySeen{.task = event.task,
                 .attempt = event.attempt,
                 .anomaly = Anomaly::Context,
                 .amount = usage.context * 100 / usage.context_window,
                 .serial = 1,
                 .evidence = fmt::format("{} of {} tokens", usage.context, usage.context_window)});
}

}  // namespace orch::anomalies
