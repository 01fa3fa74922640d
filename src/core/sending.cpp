// Receivers, limits, and what is refused.
#include "core/sending.hpp"

#include "core/attempts.hpp"
#include "core/messages.hpp"
#include "orch/base/text.hpp"
#include "orch/base/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

namespace orch::sending {
namespace {

constexpr std::size_t kShown = 1000;  // columns of a text in an event: the user reads it there
constexpr std::string_view kWorkerPrefix = "worker:";

Refusal refusal(RefusalKind kind, std::string_view word = {}, std::int64_t number = 0) {
  return {.kind = kind, .word = std::string(word), .number = number};
}

// ---- whom it is for ----

struct Receivers {
  std::vector<Party> parties;
  Refusal refused;
};

/// Is one there, or on its way, that could be told something?
bool is_there(const State& state, const TaskRecord& task) {
  const AgentRun& agent = state.agent_of(task);
  const bool starts = agent.phase == AgentPhase::Assigned || agent.phase == AgentPhase::Starting;
  const bool at_work = task.state == TaskState::Preparing || task.state == TaskState::Running;
  return agent.id != 0 && !is_final(task.state) &&
         (agent.phase == AgentPhase::Live || (starts && at_work));
}

/// Agents that are there and take texts, in the order of their tasks, without the sender.
Receivers those_where(const State& state, const Party& from, const std::string& word,
                      std::string_view kind) {
  Receivers receivers;
  for (const TaskRecord& task : state.tasks) {
    const AgentRun& agent = state.agent_of(task);
    const bool is_meant = kind.empty() || agent.kind == kind;
    if (!is_meant || !is_there(state, task) || party_of(task.id()) == from) continue;
    if (attempts::rules_of(state, agent.kind).seen)
      receivers.parties.push_back(party_of(task.id()));
  }
  if (receivers.parties.empty()) receivers.refused = refusal(RefusalKind::NobodyThere, word);
  return receivers;
}

Receivers the_one(const State& state, const std::string& word, std::string_view id) {
  const TaskId task{std::string(id)};
  if (state.find(task) == nullptr) return {{}, refusal(RefusalKind::NoReceiver, word)};
  return {{party_of(task)}, {}};
}

/// A task of the file may be called so where there is none.
Receivers coordinator(const State& state, const std::string& word) {
  if (state.coordinator() == nullptr && state.find(TaskId{word}) == nullptr)
    return {{}, refusal(RefusalKind::NoCoordinator)};
  return {{party_of(TaskId{word})}, {}};
}

Receivers at_worker(const State& state, const std::string& word, std::string_view digits) {
  int worker = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), worker);
  const auto task = std::ranges::find_if(state.tasks, [worker](const TaskRecord& candidate) {
    return worker > 0 && candidate.worker == worker;
  });
  if (task == state.tasks.end()) return {{}, refusal(RefusalKind::NobodyThere, word)};
  return {{party_of(task->id())}, {}};
}

Receivers receivers_of(const State& state, const Party& from, const std::string& word) {
  const std::string_view name = word;
  if (name == kUserWord) return {{Party{}}, {}};
  if (name == kCoordinatorWord) return coordinator(state, word);
  if (name == kAllWord) return those_where(state, from, word, {});
  if (name.starts_with(kTaskPrefix)) return the_one(state, word, name.substr(kTaskPrefix.size()));
  if (state.find(TaskId{word}) != nullptr) return the_one(state, word, name);
  if (name.starts_with(kWorkerPrefix))
    return at_worker(state, word, name.substr(kWorkerPrefix.size()));
  if (state.run.rules.agents.contains(word)) return those_where(state, from, word, name);
  return {{}, refusal(RefusalKind::NoReceiver, word)};
}

// ---- what is refused ----

Refusal why_not_told(const State& state, const TaskRecord& task) {
  if (is_final(task.state) || !task.wanted)
    return {
        .kind = RefusalKind::NoAgent, .task = task.id(), .word = std::string(to_text(task.state))};
  const AgentRun& agent = state.agent_of(task);
  const bool may_be_another =
      !is_there(state, task) && task.plan.spec.agent.empty() && !state.run.rules.route.empty();
  if (may_be_another) return {};
  const std::string& kind = is_there(state, task) ? agent.kind : attempts::usual_kind(state, task);
  if (attempts::rules_of(state, kind).seen) return {};
  return refusal(RefusalKind::TakesNoText, kind);
}

/// As many wait already as may.
Refusal why_no_room(const State& state, const Party& to) {
  const MessageRules& rules = state.run.rules.messages;
  const auto waiting = static_cast<int>(state.messages.open_to(to).size());
  if (waiting >= rules.open_per_agent) {
    if (to.kind == PartyKind::User) return refusal(RefusalKind::UserIsFull, {}, waiting);
    return {.kind = RefusalKind::TooManyTexts, .task = to.task};
  }
  if (static_cast<int>(state.messages.open_count()) >= rules.open_per_run)
    return refusal(RefusalKind::TooManyOpen, {}, rules.open_per_run);
  return {};
}

/// The window of a pair begins with its first message.
SentTo& window_of(Turn& turn, TaskRecord& task, const Party& to) {
  const auto is_over = [&turn](const SentTo& sent) {
    return turn.now() - sent.since >= turn.run().rules.messages.window;
  };
  std::erase_if(task.sent, is_over);
  const auto found = std::ranges::find(task.sent, to, &SentTo::to);
  if (found != task.sent.end()) return *found;
  return task.sent.emplace_back(SentTo{.to = to, .since = turn.now()});
}

/// Counts it; or says that there are no more, to the user once.
Refusal count_of_pair(Turn& turn, TaskRecord& task, const Party& to) {
  const MessageRules& rules = turn.run().rules.messages;
  SentTo& sent = window_of(turn, task, to);
  if (sent.count < rules.per_pair) {
    ++sent.count;
    return {};
  }
  if (!std::exchange(sent.told, true)) {
    turn.note(FactKind::TaskTrouble, task.id(),
              {.kind = ReasonKind::MessagesLimited,
               .text = span_text(rules.window),
               .number = rules.per_pair,
               .names = {to_text(to)}});
  }
  return {.kind = RefusalKind::TooManyToOne,
          .task = task.id(),
          .word = to_text(to),
          .reason = quoted(span_text(rules.window)),
          .number = rules.per_pair};
}

Refusal why_not(Turn& turn, const Party& from, const Party& to) {
  if (from == to) return refusal(RefusalKind::ToItself);
  TaskRecord* sender = from.kind == PartyKind::Task ? turn.edit(from.task) : nullptr;
  const bool is_bound = sender != nullptr && !sender->plan.spec.coordinates();
  const bool to_agent = to.kind == PartyKind::Task;
  if (is_bound && to_agent && !turn.run().rules.messages.between_agents)
    return refusal(RefusalKind::NotToOthers);
  if (to_agent) {
    Refusal not_told = why_not_told(turn.state(), *turn.find(to.task));
    if (!not_told.empty()) return not_told;
  }
  Refusal no_room = why_no_room(turn.state(), to);
  if (!no_room.empty() || sender == nullptr) return no_room;
  return count_of_pair(turn, *sender, to);
}

/// May it be replied to, or acknowledged, by this party?
Refusal why_no_answer(const State& state, const Party& by, MessageNumber number) {
  const std::string word = to_text_number(number);
  const Message* message = state.messages.find(number);
  if (message == nullptr) return refusal(RefusalKind::NoSuchMessage, word);
  if (message->to != by) return refusal(RefusalKind::NotItsMessage, word);
  // What waits to be typed stands in the inbox of the receiver's worker already; ours do not.
  const bool may_be_read =
      message->state != MessageState::Queued || message->kind == MessageKind::Text;
  const bool is_read = message->to.kind == PartyKind::User ||
                       (may_be_read && message->state != MessageState::Refused);
  return is_read ? Refusal() : refusal(RefusalKind::NotArrivedYet, word);
}

Refusal why_no_text(const std::string& given, const std::string& text) {
  if (given.size() > kLongestMessage || text.size() > kLongestMessage)
    return refusal(RefusalKind::TextTooLong);
  return trim(text).empty() ? refusal(RefusalKind::NoText) : Refusal();
}

// ---- and what is not ----

void tell_user(Turn& turn, const Message& message) {
  turn.note(FactKind::TaskNotified, message.from.task,
            {.kind = ReasonKind::MessageForUser,
             .text = one_line(message.text, kShown),
             .number = message.number});
}

void add(Turn& turn, const Wanted& wanted, const Party& to, const std::string& text) {
  // Who tells it something has seen what is wrong with it.
  const TaskRecord* receiver = to.kind == PartyKind::Task ? turn.find(to.task) : nullptr;
  const bool has_agent = receiver != nullptr && receiver->agent != 0;
  if (has_agent && wanted.from.kind == PartyKind::User)
    turn.edit_agent(*receiver).health.concern = {};
  // One answer may have been lost: by this id the user's request is known again.
  const bool is_users = wanted.from.kind == PartyKind::User && turn.sent().empty();
  const Message& message = turn.add_message({.id = is_users ? wanted.id : std::string(),
                                             .from = wanted.from,
                                             .to = to,
                                             .now = wanted.now,
                                             .reply_to = wanted.reply_to,
                                             .text = text});
  turn.note_sent(message.number);
  if (to.kind == PartyKind::User) tell_user(turn, message);
}

void mark_acknowledged(Turn& turn, MessageNumber number) {
  turn.close_message(number, MessageState::Acknowledged);
}

}  // namespace

void send(Turn& turn, const Wanted& wanted) {
  // Asked again, as the answer was lost.
  if (turn.state().messages.find_id(wanted.id) != nullptr) return;
  const std::string text = clean_text(wanted.text.substr(0, kLongestMessage + 1));
  if (Refusal refused = why_no_text(wanted.text, text); !refused.empty())
    return turn.refuse(std::move(refused));
  std::string word = wanted.to;
  if (wanted.reply_to != 0) {
    Refusal refused = why_no_answer(turn.state(), wanted.from, wanted.reply_to);
    if (!refused.empty()) return turn.refuse(std::move(refused));
    const Party& asked = turn.state().messages.find(wanted.reply_to)->from;
    if (word.empty() && asked.kind == PartyKind::Supervisor)
      return turn.refuse(refusal(RefusalKind::NoReply, to_text_number(wanted.reply_to)));
    if (word.empty()) word = to_text(asked);
  }
  Receivers receivers = receivers_of(turn.state(), wanted.from, word);
  if (!receivers.refused.empty()) return turn.refuse(std::move(receivers.refused));
  std::vector<Refusal> refused;
  bool any = false;
  for (const Party& to : receivers.parties) {
    Refusal why = why_not(turn, wanted.from, to);
    if (why.empty()) {
      add(turn, wanted, to, text);
      any = true;
    } else {
      refused.push_back(std::move(why));
    }
  }
  if (!any) return turn.refuse(std::move(refused.front()));
  turn.note_not_sent(std::move(refused));
  if (wanted.reply_to != 0) mark_acknowledged(turn, wanted.reply_to);
}

void acknowledge(Turn& turn, const Party& by, MessageNumber number) {
  Refusal refused = why_no_answer(turn.state(), by, number);
  if (!refused.empty()) return turn.refuse(std::move(refused));
  mark_acknowledged(turn, number);
}

void read(Turn& turn, MessageNumber up_to) {
  const Messages::Numbers open = turn.state().messages.open_to(Party{});
  for (const MessageNumber number : open)
    if (number <= up_to) turn.close_message(number, MessageState::Submitted);
}

void on(Turn& turn, const TaskRecord& task, const AgentReported& report) {
  const Party from = party_of(task.id());
  if (report.kind == ReportKind::Acknowledge) return acknowledge(turn, from, report.reply_to);
  const bool notifies = report.kind == ReportKind::Notify;
  send(turn, {.id = fmt::format("{}/{}", to_text(from), report.id),
              .from = from,
              .to = notifies ? std::string(kUserWord) : report.to,
              .reply_to = report.reply_to,
              .text = report.text});
}

}  // namespace orch::sending
