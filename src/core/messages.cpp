// Queues texts of ours, and ends all.
#include "core/messages.hpp"

#include "core/attempts.hpp"
#include "core/budgets.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace orch::messages {
namespace {

constexpr std::size_t kShown = 80;  // columns of a text in an event

Message text_of_ours(const TaskRecord& task, MessageKind kind) {
  return {.from = {PartyKind::Supervisor, {}}, .to = party_of(task.id()), .kind = kind};
}

/// No answer has come in this attempt, as far as is known.
bool has_forgotten_prompt(const Turn& turn, const TaskRecord& task, const AgentRun& agent) {
  if (!attempts::rules_of(turn.state(), agent.kind).forgets_prompt) return false;
  const auto used = std::ranges::find(task.used, agent.attempt, &AttemptUsage::attempt);
  if (used == task.used.end()) return true;
  return !usage_of(task.used, static_cast<std::size_t>(used - task.used.begin())).is_known();
}

/// Open ones to the task, as far as `is_meant`.
template <class IsMeant>
std::vector<MessageNumber> open_where(const State& state, const TaskRecord& task,
                                      IsMeant is_meant) {
  std::vector<MessageNumber> found;
  for (const MessageNumber number : state.messages.open_to(party_of(task.id())))
    if (is_meant(*state.messages.find(number))) found.push_back(number);
  return found;
}

/// What the user reads of it in the log; an empty text: nothing.
Reason reason_of_typed(const Message& message) {
  const std::string text = one_line(message.text, kShown);
  switch (message.kind) {
    case MessageKind::Reminder: return {ReasonKind::AgentReminded};
    case MessageKind::Continue:
    case MessageKind::Prompt:
    case MessageKind::Digest: return {};
    case MessageKind::Text:
    case MessageKind::Guidance:
    case MessageKind::Return: break;
  }
  if (!message.is_from_agent()) return {.kind = ReasonKind::MessageTyped, .text = text};
  return {.kind = ReasonKind::MessageFromAgent,
          .text = text,
          .number = message.number,
          .names = {to_text(message.from)}};
}

}  // namespace

bool is_in_vain(MessageState state) {
  return state == MessageState::Refused || state == MessageState::Uncertain;
}

void end(Turn& turn, MessageNumber number, MessageState state, std::string why) {
  const Message message = *turn.state().messages.find(number);
  turn.close_message(number, state, why);
  if (message.to.kind != PartyKind::Task) return;
  // A reminder that comes too late is nothing that anybody misses.
  const bool is_missed = message.kind == MessageKind::Text ||
                         message.kind == MessageKind::Continue ||
                         message.kind == MessageKind::Prompt;
  if (!is_in_vain(state)) {
    Reason typed = reason_of_typed(message);
    const bool reminds = message.kind == MessageKind::Reminder;
    if (typed.kind != ReasonKind::None)
      turn.note(reminds ? FactKind::TaskReminded : FactKind::TaskTold, message.to.task,
                std::move(typed));
  } else if (is_missed) {
    Reason reason = because_of(ReasonKind::MessageRefused, quoted(std::move(why)));
    reason.text = one_line(message.text, kShown);
    turn.note(FactKind::TaskTrouble, message.to.task, std::move(reason));
  }
}

bool remind(Turn& turn, TaskRecord& task) {
  if (has_open_message(turn.state(), task)) return true;
  if (turn.agent_of(task).reminders >= kReminders || !may_go_on(turn, task)) return false;
  ++turn.edit_agent(task).reminders;
  ++task.auto_texts;
  turn.add_message(text_of_ours(task, MessageKind::Reminder));
  return true;
}

void tell_to_continue(Turn& turn, TaskRecord& task) {
  AgentRun& agent = turn.edit_agent(task);
  ++agent.continues;
  ++task.auto_texts;
  const bool once_more = has_forgotten_prompt(turn, task, agent);
  const MessageKind kind = once_more ? MessageKind::Prompt : MessageKind::Continue;
  Message message = text_of_ours(task, kind);
  if (!once_more) message.text = "Continue.";
  turn.add_message(std::move(message));
}

void give_back(Turn& turn, TaskRecord& task, const std::string& text) {
  Message message = text_of_ours(task, MessageKind::Return);
  message.text = text.substr(0, kLongestMessage);
  turn.add_message(std::move(message));
}

void guide(Turn& turn, TaskRecord& task, const std::string& anomaly) {
  if (is_guided(turn.state(), task)) return;
  ++turn.edit_agent(task).health.guidances;
  ++task.auto_texts;
  Message message = text_of_ours(task, MessageKind::Guidance);
  message.about = anomaly;
  message.text = turn.run().rules.anomalies.at(anomaly).message;
  turn.add_message(std::move(message));
}

void withdraw_guidance(Turn& turn, TaskRecord& task, const std::string& anomaly) {
  const auto meant = open_where(turn.state(), task, [&anomaly](const Message& message) {
    return message.state == MessageState::Queued && message.kind == MessageKind::Guidance &&
           message.about == anomaly;
  });
  if (meant.empty()) return;
  for (const MessageNumber number : meant)
    end(turn, number, MessageState::Refused, "it is well again");
  --task.auto_texts;
}

bool is_guided(const State& state, const TaskRecord& task) {
  return !open_where(state, task, [](const Message& message) {
            return message.kind == MessageKind::Guidance;
          }).empty();
}

bool may_go_on(const Turn& turn, const TaskRecord& task) {
  return may_be_texted(turn.state(), task);
}

void agent_is_gone(Turn& turn, TaskRecord& task) {
  for (const MessageNumber number : open_where(turn.state(), task, [](const Message& message) {
         return message.state == MessageState::Queued && message.kind != MessageKind::Text;
       }))
    end(turn, number, MessageState::Refused, "its agent has ended");
  if (turn.agent_of(task).type_after) turn.edit_agent(task).type_after.reset();
}

}  // namespace orch::messages
