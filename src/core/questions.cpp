// From an answer to its effect, and what comes of that.
#include "core/questions.hpp"

#include "core/activities.hpp"
#include "core/attempts.hpp"
#include "core/outbox.hpp"

#include <algorithm>

namespace orch::questions {
namespace {

constexpr std::string_view kPermission = "permission";

/// Why its question cannot be allowed from now on; RefusalKind::None: it can.
RefusalKind against_always(const Turn& turn, const AgentTurn& asks) {
  const Ruling& ruling = asks.ruling;
  const bool is_forbidden = !ruling.rule.empty() && ruling.answer != PolicyAnswer::Allow;
  if (asks.kind != kPermission || !ruling.subject.is_sure()) return RefusalKind::NotSure;
  if (is_forbidden) return RefusalKind::RuleIsStronger;
  if (turn.run().grants.size() >= kMostGrants) return RefusalKind::TooManyGrants;
  return RefusalKind::None;
}

void emit(Turn& turn, TaskRecord& task, AnswerQuestion effect) {
  AgentRun& agent = turn.edit_agent(task);
  effect.task = task.id();
  effect.attempt = agent.attempt;
  effect.number = ++agent.answers;
  effect.agent = agent.kind;
  outbox::emit(turn, std::move(effect));
}

void grant(Turn& turn, const AnswerQuestion& effect) {
  const Grant grant{effect.agent, effect.subject};
  const auto& known = turn.run().grants;
  if (std::ranges::find(known, grant) == known.end()) turn.edit_run().grants.push_back(grant);
}

/// Its question is gone, and it goes on with its turn.
void is_answered(Turn& turn, TaskRecord& task) {
  AgentRun& agent = turn.edit_agent(task);
  agent.turn = {.since = turn.now()};
  if (task.state != TaskState::Running || agent.control == Control::User) return;
  task.why = {};
  attempts::start_clock(turn, task);
}

}  // namespace

void answer(Turn& turn, TaskRecord& task, const UserAsked& asked) {
  const AgentRun& agent = turn.agent_of(task);
  const bool asks = agent.phase == AgentPhase::Live && !agent.turn.question.empty() &&
                    agent.turn.activity == Activity::Asking;
  if (!asks || !turn.is_free(task, Lane::Pane)) {
    return turn.refuse({.kind = RefusalKind::NoQuestion,
                        .task = task.id(),
                        .word = std::string(to_text(agent.turn.activity))});
  }
  if (asked.message != agent.turn.question)
    return turn.refuse({.kind = RefusalKind::OtherQuestion, .task = task.id()});
  if (asked.verb != Verb::AnswerAlways)
    return emit(turn, task, {.question = asked.message, .option = asked.text});
  const Ruling ruling = agent.turn.ruling;
  if (const RefusalKind why = against_always(turn, agent.turn); why != RefusalKind::None)
    return turn.refuse({.kind = why, .task = task.id(), .word = ruling.rule});
  emit(turn, task,
       {.question = asked.message, .option = "yes", .subject = ruling.subject, .always = true});
}

/// Trust, a sign-in and what the agent wants to know are for the user alone.
bool has_rule(const AgentRun& agent) {
  const AgentTurn& asks = agent.turn;
  return agent.phase == AgentPhase::Live && agent.control == Control::Ours &&
         asks.activity == Activity::Asking && asks.kind == kPermission && !asks.question.empty() &&
         asks.ruling.answer != PolicyAnswer::Ask && asks.ruling.subject.is_sure();
}

bool answer_by_rule(Turn& turn, TaskRecord& task) {
  const AgentRun& known = turn.agent_of(task);
  if (known.turn.rule_step == RuleStep::UnderWay) return true;
  if (known.turn.rule_step == RuleStep::Failed || !has_rule(known)) return false;
  if (turn.run().phase != RunPhase::Running) return false;
  // At the end of what is being typed this is looked at again.
  if (!turn.is_free(task, Lane::Pane)) return true;
  AgentTurn& asks = turn.edit_agent(task).turn;
  asks.rule_step = RuleStep::UnderWay;
  emit(turn, task,
       {.question = asks.question,
        .option = asks.ruling.answer == PolicyAnswer::Allow ? "yes" : "no",
        .by = asks.ruling.rule,
        .subject = asks.ruling.subject});
  return true;
}

void on(Turn& turn, const AnswerQuestion& effect, const AnswerQuestion::Ends& end) {
  const auto* failure = std::get_if<NotDone>(&end);
  if (failure != nullptr) {
    turn.note(FactKind::TaskTrouble, effect.task,
              because_of(ReasonKind::AnswerFailed, reason_of(*failure)));
  } else {
    const auto& answered = std::get<QuestionAnswered>(end);
    Reason reason{.kind = effect.always ? ReasonKind::QuestionAlways : ReasonKind::QuestionAnswered,
                  .text = answered.text,
                  .names = {answered.label}};
    if (!effect.by.empty()) reason.names.push_back(effect.by);
    turn.note(FactKind::TaskAnswered, effect.task, std::move(reason));
    if (effect.always) grant(turn, effect);
  }
  TaskRecord* task = turn.edit(effect.task);
  if (task == nullptr || task->attempts != effect.attempt) return;
  AgentRun& agent = turn.edit_agent(*task);
  if (agent.phase != AgentPhase::Live) return;
  const bool still_asked = agent.turn.question == effect.question;
  if (still_asked && failure == nullptr) return is_answered(turn, *task);
  if (still_asked && !effect.by.empty()) agent.turn.rule_step = RuleStep::Failed;
  if (!effect.by.empty() || !still_asked) activities::look_again(turn, *task);
}

}  // namespace orch::questions
