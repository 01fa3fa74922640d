// From the queue to the prompt.
#include "core/typing.hpp"

#include "core/activities.hpp"
#include "core/attempts.hpp"
#include "core/budgets.hpp"
#include "core/messages.hpp"
#include "core/outbox.hpp"
#include "core/returns.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace orch::typing {
namespace {

constexpr Span kPutOff = std::chrono::seconds(3);
constexpr std::size_t kMostTogether = 10;

using Numbers = std::vector<MessageNumber>;

/// Nobody else is at it, and nothing is under way.
bool may_type(const Turn& turn, const TaskRecord& task, const AgentRun& agent) {
  return agent.phase == AgentPhase::Live && agent.control == Control::Ours &&
         !is_ending(task.state) && turn.is_free(task, Lane::Pane) &&
         (!agent.type_after || *agent.type_after <= turn.now());
}

/// The oldest for an agent at its prompt; for one that works, of those that need not wait.
const Message* next_to_type(const State& state, const TaskRecord& task, const AgentRun& agent) {
  const Activity activity = agent.turn.activity;
  const bool at_prompt = activity == Activity::Idle || activity == Activity::Failed;
  const bool takes_now =
      activity == Activity::Busy && attempts::rules_of(state, agent.kind).takes_texts_busy;
  if (!at_prompt && !takes_now) return nullptr;
  for (const MessageNumber number : state.messages.open_to(party_of(task.id()))) {
    const Message* message = state.messages.find(number);
    if (message->state == MessageState::Queued && (at_prompt || message->now)) return message;
  }
  return nullptr;
}

/// What is typed with it: those of agents behind it, before anything else of the queue.
TypeText order_for(const State& state, const Message& first) {
  TypeText order{.message = first.id, .kind = first.kind, .text = typed_text(first)};
  const Messages::Numbers& open = state.messages.open_to(first.to);
  for (auto at = open.find(first.number); at != open.end(); ++at) {
    const Message& message = *state.messages.find(*at);
    const bool is_first = message.number == first.number;
    if (!is_first && (!message.is_from_agent() || !first.is_from_agent())) break;
    if (!is_first) {
      const std::string text = "\n" + typed_text(message);
      if (order.text.size() + text.size() > kLongestMessage) break;
      order.text += text;
    }
    order.messages.push_back(message.number);
    if (order.messages.size() == kMostTogether) break;
  }
  // Which ones they are may be another the next time, so they are another delivery.
  if (order.messages.size() > 1) {
    const std::string name = fmt::format("{}/{}", first.id, fmt::join(order.messages, "/"));
    order.message = hex(fnv1a(name)) + hex(fnv1a(name, fnv1a("together")));
  }
  return order;
}

/// Once: the user may ask why nothing is typed.
void say_why_it_waits(Turn& turn, const Party& party) {
  for (const MessageNumber number : turn.state().messages.open_to(party)) {
    const Message& message = *turn.state().messages.find(number);
    if (message.state == MessageState::Queued && message.why.empty())
      turn.edit_message(number).why = "a person is typing in its window";
  }
}

/// Why nothing is typed for the task any more; empty: something may be.
std::string why_never(const Turn& turn, const TaskRecord* task) {
  if (task == nullptr) return "there is no such task any more";
  if (is_final(task->state)) return fmt::format("its task is {}", to_text(task->state));
  const AgentRun& agent = turn.agent_of(*task);
  const bool lives = agent.phase == AgentPhase::Live && agent.id != 0;
  if (lives && !attempts::rules_of(turn.state(), agent.kind).seen)
    return fmt::format("an agent of the kind {} takes no text", agent.kind);
  return {};
}

/// One that is being typed comes to its end by itself, if there is still a task.
void refuse_all(Turn& turn, const Party& party, const TaskRecord* task, const std::string& why) {
  const Messages::Numbers open = turn.state().messages.open_to(party);
  for (const MessageNumber number : open) {
    const bool is_queued = turn.state().messages.find(number)->state == MessageState::Queued;
    if (is_queued || task == nullptr)
      messages::end(turn, number, is_queued ? MessageState::Refused : MessageState::Uncertain, why);
  }
}

void type(Turn& turn, const TaskRecord& known, const Message& first) {
  TypeText order = order_for(turn.state(), first);
  TaskRecord& task = turn.edit(known);
  const AgentRun& agent = turn.agent_of(task);
  for (const MessageNumber number : order.messages) {
    Message& message = turn.edit_message(number);
    message.state = MessageState::Typed;
    message.at = turn.now();
  }
  order.task = task.id();
  order.attempt = agent.attempt;
  order.agent = agent.kind;
  order.now = agent.turn.activity == Activity::Busy;
  outbox::emit(turn, std::move(order));
}

void type_for(Turn& turn, const Party& party) {
  const TaskRecord* known = turn.find(party.task);
  if (const std::string why = why_never(turn, known); !why.empty())
    return refuse_all(turn, party, known, why);
  if (turn.run().phase != RunPhase::Running || known->agent == 0) return;
  const std::optional<Time> after = turn.agent_of(*known).type_after;
  // A time that has come wakes nobody again, whether or not something can be typed.
  if (after && *after <= turn.now()) turn.edit_agent(turn.edit(*known)).type_after.reset();
  const AgentRun& agent = turn.agent_of(*known);
  if (agent.control == Control::User) say_why_it_waits(turn, party);
  if (!may_type(turn, *known, agent)) return;
  if (const Message* next = next_to_type(turn.state(), *known, agent)) type(turn, *known, *next);
}

/// An earlier version named one by its id.
Numbers messages_of(const State& state, const TypeText& effect) {
  if (!effect.messages.empty()) return effect.messages;
  const Message* message = state.messages.find_id(effect.message);
  return message == nullptr ? Numbers() : Numbers{message->number};
}

/// It waits again; true: for so long that the user is told.
bool put_off(Turn& turn, MessageNumber number, const std::string& why) {
  Message& message = turn.edit_message(number);
  message.state = MessageState::Queued;
  message.why = why;
  return ++message.put_off == Message::kPatience;
}

/// It has a turn to do now; what is seen of it from here on is of that turn.
void begin_turn(Turn& turn, TaskRecord& task, Time typed_since) {
  AgentRun& agent = turn.edit_agent(task);
  ++agent.told;
  budgets::count_turn(turn, task);
  if (agent.phase != AgentPhase::Live) return;
  agent.turn = {.since = turn.now()};
  // A short turn may be over by now, and its program have said so.
  if (agent.own.at <= typed_since) agent.own = {};
  if (task.state != TaskState::Running || agent.control != Control::Ours) return;
  task.why = {};
  attempts::start_clock(turn, task);
}

void wait_again(Turn& turn, TaskRecord& task, const std::string& why, bool is_for_long) {
  if (is_for_long) {
    task.why = {.kind = ReasonKind::MessageWaits, .text = why};
    turn.note(FactKind::TaskIdle, task.id(), task.why);
  }
  AgentRun& agent = turn.edit_agent(task);
  agent.type_after = turn.now() + kPutOff;
  if (agent.phase != AgentPhase::Live) messages::agent_is_gone(turn, task);
}

}  // namespace

void type_next(Turn& turn) {
  std::vector<Party> parties;
  for (const auto& [party, numbers] : turn.state().messages.open())
    if (party.kind == PartyKind::Task) parties.push_back(party);
  for (const Party& party : parties)
    type_for(turn, party);
}

std::optional<Time> next_time(const State& state) {
  std::optional<Time> next;
  for (const auto& [party, numbers] : state.messages.open()) {
    const TaskRecord* task = state.find(party.task);
    if (party.kind != PartyKind::Task || task == nullptr) continue;
    const std::optional<Time>& time = state.agent_of(*task).type_after;
    if (time && (!next || *time < *next)) next = time;
  }
  return next;
}

void on(Turn& turn, const TypeText& effect, const TypeText::Ends& outcome) {
  Time typed_since = turn.now();
  bool is_for_long = false;
  const auto* later = std::get_if<TextPutOff>(&outcome);
  for (const MessageNumber number : messages_of(turn.state(), effect)) {
    const Message* message = turn.state().messages.find(number);
    // Its receiver may have said before that it has it.
    if (message == nullptr || message->state != MessageState::Typed) continue;
    typed_since = message->at;
    if (later != nullptr) {
      is_for_long = put_off(turn, number, later->why) || is_for_long;
    } else if (const auto* failure = std::get_if<NotDone>(&outcome)) {
      messages::end(turn, number, MessageState::Refused, failure->why);
    } else if (const auto* unknown = std::get_if<TextUncertain>(&outcome)) {
      messages::end(turn, number, MessageState::Uncertain, unknown->why);
    } else {
      const bool started = std::get<TextTyped>(outcome).started;
      messages::end(turn, number, started ? MessageState::Started : MessageState::Submitted);
    }
  }
  TaskRecord& task = *turn.edit(effect.task);
  if (task.attempts != effect.attempt || task.agent == 0) return;
  if (later != nullptr) {
    wait_again(turn, task, later->why, is_for_long);
    if (turn.agent_of(task).phase != AgentPhase::Live) return;
  } else if (std::holds_alternative<TextTyped>(outcome)) {
    begin_turn(turn, task, typed_since);
  } else if (effect.kind == MessageKind::Return) {
    return returns::not_told(turn, task);
  }
  activities::look_again(turn, task);
}

}  // namespace orch::typing
