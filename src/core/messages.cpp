// Queues texts and follows them.
#include "core/messages.hpp"

#include "core/activities.hpp"
#include "core/attempts.hpp"
#include "core/budgets.hpp"
#include "core/outbox.hpp"
#include "core/returns.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace orch::messages {
namespace {

constexpr std::size_t kMostOpen = 32;
constexpr std::size_t kKept = 20;      // of those that are over
constexpr std::size_t kShown = 80;     // columns of a text in an event
constexpr std::size_t kRemains = 200;  // bytes of a text that is over
constexpr Span kPutOff = std::chrono::seconds(3);

std::string shown(const Message& message) {
  return one_line(message.text, kShown);
}

bool is_in_vain(MessageState state) {
  return state == MessageState::Refused || state == MessageState::Uncertain;
}

/// The oldest of those that are over make room.
void drop_old(AgentRun& agent) {
  auto over = std::ranges::count_if(agent.messages,
                                    [](const Message& message) { return !message.is_open(); });
  std::erase_if(agent.messages, [&over](const Message& message) {
    return !message.is_open() && over-- > static_cast<std::ptrdiff_t>(kKept);
  });
}

void end(Turn& turn, AgentRun& agent, Message& message, MessageState state, std::string why = {}) {
  message.state = state;
  message.why = std::move(why);
  message.at = turn.now();
  message.text = std::string(message.text.substr(0, kRemains));
  const bool failed = is_in_vain(state);
  // A reminder that comes too late is nothing that anybody misses.
  const bool is_ours = message.kind == MessageKind::Reminder ||
                       message.kind == MessageKind::Guidance || message.kind == MessageKind::Return;
  if (failed && is_ours) return;
  if (failed) {
    Reason reason = because_of(ReasonKind::MessageRefused, quoted(message.why));
    reason.text = shown(message);
    turn.note(FactKind::TaskTrouble, agent.task, std::move(reason));
  } else if (message.kind == MessageKind::Reminder) {
    turn.note(FactKind::TaskReminded, agent.task, {ReasonKind::AgentReminded});
  } else if (message.kind == MessageKind::Text || message.kind == MessageKind::Guidance ||
             message.kind == MessageKind::Return) {
    turn.note(FactKind::TaskTold, agent.task,
              {.kind = ReasonKind::MessageTyped, .text = shown(message)});
  }
}

void queue(Turn& turn, AgentRun& agent, Message message) {
  message.at = turn.now();
  agent.messages.push_back(std::move(message));
}

/// Ours, the so many-th of its kind for this attempt: it has the same id, also after a restart.
Message text_of_ours(const State& state, const AgentRun& agent, MessageKind kind, int number) {
  const std::string name =
      fmt::format("{}/{}/{}/{}", state.run.rules.seed, agent.task.value, agent.attempt, number);
  return {.id = hex(fnv1a(name)) + hex(fnv1a(name, fnv1a(to_text(kind)))),
          .kind = kind,
          .from = "tmux-orch"};
}

/// By it a text about an anomaly is known.
std::string sender_of(const std::string& anomaly) {
  return "tmux-orch: " + anomaly;
}

/// No answer has come in this attempt, as far as is known.
bool has_forgotten_prompt(const Turn& turn, const TaskRecord& task, const AgentRun& agent) {
  if (!attempts::rules_of(turn.state(), agent.kind).forgets_prompt) return false;
  const auto used = std::ranges::find(task.used, agent.attempt, &AttemptUsage::attempt);
  if (used == task.used.end()) return true;
  return !usage_of(task.used, static_cast<std::size_t>(used - task.used.begin())).is_known();
}

Message* typed_message(AgentRun& agent, const std::string& id) {
  const auto found = std::ranges::find(agent.messages, id, &Message::id);
  return found == agent.messages.end() ? nullptr : &*found;
}

/// One that is being started is told when it is at its prompt.
bool may_be_told(const TaskRecord& task, const AgentRun& agent) {
  const bool starts = agent.phase == AgentPhase::Assigned || agent.phase == AgentPhase::Starting;
  const bool at_work = task.state == TaskState::Preparing || task.state == TaskState::Running;
  return agent.phase == AgentPhase::Live || (starts && at_work);
}

/// Nobody else is at it, and nothing is under way.
bool may_type(const Turn& turn, const TaskRecord& task, const AgentRun& agent) {
  return agent.phase == AgentPhase::Live && agent.control == Control::Ours &&
         !is_ending(task.state) && turn.is_free(task, Lane::Pane) &&
         (!agent.type_after || *agent.type_after <= turn.now());
}

/// The place of the oldest for an agent at its prompt; for one that works, of the oldest of those
/// that need not wait.
std::optional<std::size_t> next_to_type(const Turn& turn, const AgentRun& agent) {
  const Activity activity = agent.turn.activity;
  const bool at_prompt = activity == Activity::Idle || activity == Activity::Failed;
  const bool takes_now =
      activity == Activity::Busy && attempts::rules_of(turn.state(), agent.kind).takes_texts_busy;
  const auto next = std::ranges::find_if(agent.messages, [&](const Message& message) {
    return message.state == MessageState::Queued && (at_prompt || (takes_now && message.now));
  });
  if (next == agent.messages.end()) return std::nullopt;
  return static_cast<std::size_t>(next - agent.messages.begin());
}

/// Once: the user may ask why nothing is typed.
void say_why_it_waits(Turn& turn, const TaskRecord& known) {
  const auto is_unexplained = [](const Message& message) {
    return message.state == MessageState::Queued && message.why.empty();
  };
  if (std::ranges::none_of(turn.agent_of(known).messages, is_unexplained)) return;
  for (Message& message : turn.edit_agent(turn.edit(known)).messages)
    if (is_unexplained(message)) message.why = "a person is typing in its window";
}

}  // namespace

void send(Turn& turn, TaskRecord& task, const UserAsked& asked) {
  const auto refuse = [&](RefusalKind kind, std::string_view word) {
    turn.refuse({.kind = kind, .task = task.id(), .word = std::string(word)});
  };
  const AgentRun& known = turn.agent_of(task);
  if (!may_be_told(task, known)) return refuse(RefusalKind::NoAgent, to_text(task.state));
  if (!attempts::rules_of(turn.state(), known.kind).seen)
    return refuse(RefusalKind::TakesNoText, known.kind);
  if (asked.text.size() > kLongestMessage) return refuse(RefusalKind::TextTooLong, {});
  const auto open = std::ranges::count_if(known.messages, &Message::is_open);
  if (open >= static_cast<std::ptrdiff_t>(kMostOpen)) return refuse(RefusalKind::TooManyTexts, {});
  // Asked again, as the answer was lost.
  if (std::ranges::find(known.messages, asked.message, &Message::id) != known.messages.end())
    return;
  // Who tells it something has seen what is wrong with it.
  turn.edit_agent(task).health.concern = {};
  queue(turn, turn.edit_agent(task),
        {.id = asked.message,
         .from = "user",
         .text = asked.text,
         .now = asked.verb == Verb::SendNow});
}

bool remind(Turn& turn, TaskRecord& task) {
  const AgentRun& known = turn.agent_of(task);
  if (known.has_open_message()) return true;
  if (known.reminders >= kReminders || !may_go_on(turn, task)) return false;
  AgentRun& agent = turn.edit_agent(task);
  ++agent.reminders;
  ++task.auto_texts;
  queue(turn, agent, text_of_ours(turn.state(), agent, MessageKind::Reminder, agent.reminders));
  return true;
}

void tell_to_continue(Turn& turn, TaskRecord& task) {
  AgentRun& agent = turn.edit_agent(task);
  ++agent.continues;
  ++task.auto_texts;
  const bool once_more = has_forgotten_prompt(turn, task, agent);
  const MessageKind kind = once_more ? MessageKind::Prompt : MessageKind::Continue;
  Message message = text_of_ours(turn.state(), agent, kind, agent.continues);
  if (!once_more) message.text = "Continue.";
  queue(turn, agent, std::move(message));
}

void give_back(Turn& turn, TaskRecord& task, const std::string& text) {
  AgentRun& agent = turn.edit_agent(task);
  Message message = text_of_ours(turn.state(), agent, MessageKind::Return, task.landing);
  message.text = text.substr(0, kLongestMessage);
  queue(turn, agent, std::move(message));
}

void guide(Turn& turn, TaskRecord& task, const std::string& anomaly) {
  if (is_guided(turn.agent_of(task))) return;
  AgentRun& agent = turn.edit_agent(task);
  ++task.auto_texts;
  Message message =
      text_of_ours(turn.state(), agent, MessageKind::Guidance, ++agent.health.guidances);
  message.from = sender_of(anomaly);
  message.text = turn.run().rules.anomalies.at(anomaly).message;
  queue(turn, agent, std::move(message));
}

void withdraw_guidance(Turn& turn, TaskRecord& task, const std::string& anomaly) {
  const auto is_meant = [sender = sender_of(anomaly)](const Message& message) {
    return message.state == MessageState::Queued && message.from == sender;
  };
  if (std::ranges::none_of(turn.agent_of(task).messages, is_meant)) return;
  std::erase_if(turn.edit_agent(task).messages, is_meant);
  --task.auto_texts;
}

bool is_guided(const AgentRun& agent) {
  return std::ranges::any_of(agent.messages, [](const Message& message) {
    return message.kind == MessageKind::Guidance && message.is_open();
  });
}

bool may_go_on(const Turn& turn, const TaskRecord& task) {
  return may_be_texted(turn.state(), task);
}

void type_next(Turn& turn) {
  if (turn.run().phase != RunPhase::Running) return;
  for (const std::size_t place : turn.agenda().places(Matter::HasMessage)) {
    const TaskRecord& known = turn.state().tasks[place];
    const std::optional<Time> after = turn.agent_of(known).type_after;
    // A time that has come wakes nobody again, whether or not something can be typed.
    if (after && *after <= turn.now()) turn.edit_agent(turn.edit(known)).type_after.reset();
    if (turn.agent_of(known).control == Control::User) say_why_it_waits(turn, known);
    if (!may_type(turn, known, turn.agent_of(known))) continue;
    const std::optional<std::size_t> next = next_to_type(turn, turn.agent_of(known));
    if (!next) continue;
    TaskRecord& task = turn.edit(known);
    AgentRun& agent = turn.edit_agent(task);
    Message& message = agent.messages[*next];
    message.state = MessageState::Typed;
    message.at = turn.now();
    outbox::emit(turn, TypeText{.task = task.id(),
                                .attempt = agent.attempt,
                                .agent = agent.kind,
                                .message = message.id,
                                .kind = message.kind,
                                .text = message.text,
                                .now = agent.turn.activity == Activity::Busy});
  }
}

std::optional<Time> next_time(const State& state, const Agenda& agenda) {
  std::optional<Time> next;
  for (const std::size_t place : agenda.places(Matter::HasMessage)) {
    const std::optional<Time>& time = state.agent_of(state.tasks[place]).type_after;
    if (time && (!next || *time < *next)) next = time;
  }
  return next;
}

void refuse_all(Turn& turn, AgentRun& agent) {
  for (Message& message : agent.messages)
    if (message.state == MessageState::Queued)
      end(turn, agent, message, MessageState::Refused, "its agent has ended");
  agent.type_after.reset();
}

void on(Turn& turn, const TypeText& effect, const TypeText::Ends& outcome) {
  TaskRecord& task = *turn.edit(effect.task);
  if (task.attempts != effect.attempt) return;
  AgentRun& agent = turn.edit_agent(task);
  Message* message = typed_message(agent, effect.message);
  if (message == nullptr) return;
  if (const auto* failure = std::get_if<NotDone>(&outcome)) {
    end(turn, agent, *message, MessageState::Refused, failure->why);
  } else if (const auto* unknown = std::get_if<TextUncertain>(&outcome)) {
    end(turn, agent, *message, MessageState::Uncertain, unknown->why);
  } else if (const auto* later = std::get_if<TextPutOff>(&outcome)) {
    message->state = MessageState::Queued;
    message->why = later->why;
    if (++message->put_off == Message::kPatience) {
      task.why = {.kind = ReasonKind::MessageWaits, .text = later->why};
      turn.note(FactKind::TaskIdle, task.id(), task.why);
    }
    agent.type_after = turn.now() + kPutOff;
    if (agent.phase != AgentPhase::Live) return refuse_all(turn, agent);
    return activities::look_again(turn, task);
  } else {
    const bool started = std::get<TextTyped>(outcome).started;
    const Time typed_since = message->at;
    end(turn, agent, *message, started ? MessageState::Started : MessageState::Submitted);
    budgets::count_turn(turn, task);
    // It has a turn to do now; what is seen of it from here on is of that turn.
    if (agent.phase == AgentPhase::Live) {
      agent.turn = {.since = turn.now()};
      // A short turn may be over by now, and its program have said so.
      if (agent.own.at <= typed_since) agent.own = {};
    }
    const bool is_ours = agent.phase == AgentPhase::Live && agent.control == Control::Ours;
    if (task.state == TaskState::Running && is_ours) {
      task.why = {};
      attempts::start_clock(turn, task);
    }
  }
  const bool is_lost = effect.kind == MessageKind::Return && is_in_vain(message->state);
  drop_old(agent);
  if (is_lost) return returns::not_told(turn, task);
  activities::look_again(turn, task);
}

}  // namespace orch::messages
