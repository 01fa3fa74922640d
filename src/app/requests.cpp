// What comes over the socket.
#include "app/requests.hpp"

#include "app/our_processes.hpp"
#include "app/spool.hpp"
#include "loop/loop.hpp"
#include "orch/attempt/delivery.hpp"
#include "orch/base/files.hpp"
#include "orch/base/process.hpp"
#include "orch/base/text.hpp"
#include "orch/core/codec.hpp"
#include "run/run_loop.hpp"
#include "ui/sentences.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace orch::app {
namespace {

// What agents of every version send, so the word stays.
constexpr std::string_view kNotifyWord = "ring";
constexpr std::string_view kOk = "ok";
constexpr std::string_view kRefused = "refused ";
constexpr std::string_view kLater = "later";
constexpr std::string_view kSay = "say ";
constexpr std::size_t kMostNamed = 10;
constexpr std::size_t kLongestMade = 4u << 20;  // of tasks that are made by one request

bool makes_tasks(Verb verb) {
  return verb == Verb::Make || verb == Verb::MakeHeld;
}

/// Its text is in a file, as a line has no room for it.
bool has_text(Verb verb) {
  return verb == Verb::Send || verb == Verb::SendNow || verb == Verb::ReleaseWith ||
         verb == Verb::Answer || verb == Verb::AnswerAlways || verb == Verb::Reassign ||
         verb == Verb::Unlock || makes_tasks(verb);
}

std::size_t longest_text(Verb verb) {
  return makes_tasks(verb) ? kLongestMade : kLongestMessage + 1;
}

/// The tasks that are asked for; who makes them is not for the text to say.
Status take_made(UserAsked& asked, std::string_view text) {
  const Result<Event> event = decode_event(text);
  const auto* made = event ? std::get_if<UserAsked>(&*event) : nullptr;
  if (made == nullptr || made->tasks.empty()) return fail(Fault::BadInput, "these are no tasks");
  asked.tasks = made->tasks;
  for (TaskSpec& task : asked.tasks)
    task.made_by = asked.by.value.empty() ? kUserWord : std::string_view(asked.by.value);
  return {};
}

bool is_text_for_somebody(Verb verb) {
  return verb == Verb::Send || verb == Verb::SendNow;
}

/// It is about a message, by its number.
bool names_message(Verb verb) {
  return verb == Verb::Acknowledge || verb == Verb::Read;
}

/// "m41 to T5; not to 1 of them: why"
std::string sent_text(const Decision& decision, const State& state) {
  std::vector<std::string> parts;
  for (const MessageNumber number : decision.sent) {
    if (parts.size() == kMostNamed) {
      parts.push_back(fmt::format("{} more", decision.sent.size() - kMostNamed));
      break;
    }
    if (const Message* message = state.messages.find(number))
      parts.push_back(fmt::format("{} to {}", to_text_number(number), to_text(message->to)));
  }
  std::string text = join(parts, ", ");
  if (!decision.not_sent.empty()) {
    text += fmt::format("; not to {} of them: {}", decision.not_sent.size(),
                        ui::sentence(decision.not_sent.front()));
  }
  return one_line(text);
}

/// Answers what comes over the socket.
struct RequestHandler {
  const Paths& paths;
  const RunPaths& run;
  const State& state;
  RunLoop& run_loop;
  std::function<void(const std::string&)> shim_notified;

  std::string agent_of(const loop::Peer& peer) const;
  bool coordinates(const TaskId& agent) const;
  Result<std::string> text_of(const UserAsked& asked) const;
  const TaskRecord* task_with(std::string_view key) const;
  void read_inbox(std::string_view key) const;
  void take(const loop::Peer& peer, const Saying& saying,
            const loop::SocketServer::Reply& reply) const;
  void post(Event event, const loop::SocketServer::Reply& reply) const;
  void answer(const loop::Peer& peer, std::string_view line,
              const loop::SocketServer::Reply& reply) const;
};

/// The key or the task of the attempt that asks, found by its ancestors; empty: it is the user.
/// What an agent can write, such as its claim, does not count.
std::string RequestHandler::agent_of(const loop::Peer& peer) const {
  const std::vector<pid_t> line = ancestors_of(peer.pid);
  for (const auto& [id, agent] : state.agents) {
    const ProcessId shim = recorded_shim(agent);
    if (is_alive(shim) && std::ranges::find(line, shim.pid) != line.end()) return agent.task.value;
  }
  // One that has just been started, or whose attempt is over, is an agent, too.
  const std::vector<LivingShim> shims = shims_above(peer.pid, paths.home());
  return shims.empty() ? std::string() : shims.front().attempt.filename().string();
}

/// What it may ask for is for the core to say.
bool RequestHandler::coordinates(const TaskId& agent) const {
  const TaskRecord* task = state.find(agent);
  return task != nullptr && task->plan.spec.coordinates();
}

Result<std::string> RequestHandler::text_of(const UserAsked& asked) const {
  const std::size_t longest = longest_text(asked.verb);
  if (asked.by.value.empty()) return read_file(paths.message(asked.message), longest);
  const TaskRecord& task = *state.find(asked.by);
  return read_agents_text(run.attempt(task.id(), task.attempts), asked.message, longest);
}

/// A key that no agent has now belongs to an attempt that is over, or is forged.
const TaskRecord* RequestHandler::task_with(std::string_view key) const {
  const auto found = std::ranges::find_if(state.tasks, [&](const TaskRecord& task) {
    return task.agent != 0 && !is_final(task.state) &&
           attempt_key(task.id(), state.agent_of(task).attempt) == key;
  });
  return found == state.tasks.end() ? nullptr : &*found;
}

void RequestHandler::read_inbox(std::string_view key) const {
  if (const TaskRecord* task = task_with(key)) run_loop.read_inbox(task->id());
}

void RequestHandler::post(Event event, const loop::SocketServer::Reply& reply) const {
  // The server, and this with it, may be another one by then.
  run_loop.post(std::move(event), [&state = state, reply](const Result<Decision>& decision) {
    const std::string why = decision ? ui::sentence(decision->refused) : decision.error().what;
    if (!why.empty()) return reply(fmt::format("{}{}", kRefused, one_line(why)));
    const std::string sent =
        decision->made.value.empty() ? sent_text(*decision, state) : decision->made.value;
    reply(sent.empty() ? std::string(kOk) : fmt::format("{} {}", kOk, sent));
  });
}

/// What an agent could have written says nothing of who it is, where that can be seen.
void RequestHandler::take(const loop::Peer& peer, const Saying& saying,
                          const loop::SocketServer::Reply& reply) const {
  const TaskRecord* task = task_with(saying.key);
  if (task == nullptr) return reply(fmt::format("{}its attempt is over", kRefused));
  const std::string agent = agent_of(peer);
  if (!agent.empty() && agent != task->id().value && agent != saying.key) {
    return reply(fmt::format("{}the agent of {} may not speak for {}", kRefused, one_line(agent),
                             one_line(task->id().value)));
  }
  const AgentRun& of = state.agent_of(*task);
  // Before its start is confirmed nobody knows its token: it is a report then.
  if (of.token.empty()) return reply(std::string(kLater));
  const fs::path folder = run.attempt(of.task, of.attempt);
  Result<AgentReported> report = Spool(folder, of.task, of.attempt, of.token).read_draft(saying.id);
  if (!report) return reply(fmt::format("{}{}", kRefused, one_line(report.error().what)));
  post(std::move(*report), reply);
}

void RequestHandler::answer(const loop::Peer& peer, std::string_view line,
                            const loop::SocketServer::Reply& reply) const {
  if (const std::optional<Notification> notification = parse_notification(line)) {
    if (notification->of != Notification::Of::Report) shim_notified(notification->key);
    read_inbox(notification->key);
    return reply(std::string(kOk));
  }
  if (peer.uid != ::geteuid()) return reply(fmt::format("{}another user's run", kRefused));
  if (const std::optional<Saying> saying = parse_saying(line)) return take(peer, *saying, reply);
  const Result<Request> request = parse_request(line);
  if (!request) return reply(fmt::format("{}{}", kRefused, request.error().what));
  if (loop::Loop::boottime_ms() > request->until_ms)
    return reply(fmt::format("{}it came too late to be answered", kRefused));
  UserAsked asked = request->asked;
  asked.by.value = agent_of(peer);
  if (!asked.by.value.empty() && !coordinates(asked.by)) {
    return reply(fmt::format("{}the agent of {} may report, but not {}", kRefused,
                             one_line(asked.by.value), typed_word(asked.verb)));
  }
  if (has_text(asked.verb)) {
    Result<std::string> text = text_of(asked);
    if (!text) return reply(fmt::format("{}{}", kRefused, one_line(text.error().what)));
    if (!makes_tasks(asked.verb))
      asked.text = std::move(*text);
    else if (const Status made = take_made(asked, *text); !made)
      return reply(fmt::format("{}{}", kRefused, made.error().what));
  }
  post(std::move(asked), reply);
}

}  // namespace

Result<std::unique_ptr<loop::SocketServer>> listen_for_requests(
    loop::Loop& loop, const Paths& paths, const RunPaths& run, const State& state,
    RunLoop& run_loop, std::function<void(const std::string&)> shim_notified) {
  return loop::SocketServer::listen(
      loop, paths.socket(),
      [handler = RequestHandler{paths, run, state, run_loop, std::move(shim_notified)}](
          const loop::Peer& peer, std::string_view line, const loop::SocketServer::Reply& reply) {
        handler.answer(peer, line, reply);
      });
}

std::string notification_line(std::string_view key) {
  return key.empty() ? std::string(kNotifyWord) : fmt::format("{} {}", kNotifyWord, key);
}

std::optional<Notification> parse_notification(std::string_view line) {
  const std::size_t space = line.find(' ');
  const std::string_view word = line.substr(0, space);
  Notification notification;
  if (space != std::string_view::npos) notification.key = line.substr(space + 1);
  if (word == kNotifyWord) return notification;
  if (word == "started") notification.of = Notification::Of::Start;
  if (word == "exited") notification.of = Notification::Of::Exit;
  if (word == "typed") notification.of = Notification::Of::Input;
  return notification.of == Notification::Of::Report ? std::nullopt
                                                     : std::optional(std::move(notification));
}

// Verb, time, the id of a message or question where there is one, the number of another message
// where one may be named, and the task or the receiver to the end of the line: neither has a
// newline in it.
std::string request_line(const Request& request) {
  const UserAsked& asked = request.asked;
  const std::string message = has_text(asked.verb) ? asked.message + " " : std::string();
  const bool names = names_message(asked.verb) || is_text_for_somebody(asked.verb);
  const std::string number = names ? fmt::format("{} ", asked.reply_to) : std::string();
  const std::string& whom = is_text_for_somebody(asked.verb) ? asked.to : asked.task.value;
  return fmt::format("{} {} {}{}{}", to_text(asked.verb), request.until_ms, message, number, whom);
}

Result<Request> parse_request(std::string_view line) {
  const std::size_t first = line.find(' ');
  const std::size_t second = line.find(' ', first == std::string_view::npos ? first : first + 1);
  const std::optional<Verb> verb = from_text<Verb>(line.substr(0, first));
  if (!verb || second == std::string_view::npos)
    return fail(Fault::BadInput, "'{}' is not a request", one_line(line.substr(0, first), 40));
  std::string_view rest = line.substr(second + 1);
  Request request{UserAsked{*verb, {}}};
  if (has_text(*verb)) {
    const std::size_t end = rest.find(' ');
    if (end == std::string_view::npos || !shim::is_delivery_id(rest.substr(0, end)))
      return fail(Fault::BadInput, "a message needs an id of 32 digits");
    request.asked.message = std::string(rest.substr(0, end));
    rest.remove_prefix(end + 1);
  }
  if (is_text_for_somebody(*verb) || names_message(*verb)) {
    const std::size_t end = rest.find(' ');
    const std::optional<MessageNumber> number = number_of(rest.substr(0, end));
    request.asked.reply_to = number.value_or(0);
    if (end == std::string_view::npos) return fail(Fault::BadInput, "there is no receiver");
    rest.remove_prefix(end + 1);
  }
  std::string& whom = is_text_for_somebody(*verb) ? request.asked.to : request.asked.task.value;
  whom = std::string(rest);
  std::from_chars(line.data() + first + 1, line.data() + second, request.until_ms);
  return request;
}

std::string saying_line(const Saying& saying) {
  return fmt::format("{}{} {}", kSay, saying.id, saying.key);
}

std::optional<Saying> parse_saying(std::string_view line) {
  if (!line.starts_with(kSay)) return std::nullopt;
  line.remove_prefix(kSay.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || !shim::is_delivery_id(line.substr(0, space)))
    return std::nullopt;
  return Saying{std::string(line.substr(space + 1)), std::string(line.substr(0, space))};
}

Result<std::string> parse_answer(std::string_view line) {
  if (line == kOk) return std::string();
  if (line.starts_with(kOk) && line.substr(kOk.size()).starts_with(' '))
    return std::string(line.substr(kOk.size() + 1));
  if (line.starts_with(kRefused)) return fail(Fault::Refused, "{}", line.substr(kRefused.size()));
  return fail(Fault::Internal, "the supervisor answered '{}'", one_line(line, 80));
}

}  // namespace orch::app
