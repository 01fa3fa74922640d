// What comes over the socket.
#include "app/requests.hpp"

#include "app/our_processes.hpp"
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
constexpr std::size_t kLongestMade = 4u << 20;  // of tasks that are made by one request

bool makes_tasks(Verb verb) {
  return verb == Verb::Make || verb == Verb::MakeHeld;
}

/// Its text is in a file, as a line has no room for it.
bool has_text(Verb verb) {
  return verb == Verb::Send || verb == Verb::SendNow || verb == Verb::ReleaseWith ||
         verb == Verb::Answer || verb == Verb::AnswerAlways || verb == Verb::Reassign ||
         makes_tasks(verb);
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
    task.made_by = "user";
  return {};
}

/// Answers what comes over the socket.
struct RequestHandler {
  const Paths& paths;
  const State& state;
  RunLoop& run_loop;
  std::function<void(const std::string&)> shim_notified;

  std::string agent_of(const loop::Peer& peer) const;
  void read_inbox(std::string_view key) const;
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

/// A key that no agent has now belongs to an attempt that is over, or is forged.
void RequestHandler::read_inbox(std::string_view key) const {
  for (const TaskRecord& task : state.tasks) {
    if (task.agent == 0 || is_final(task.state)) continue;
    if (attempt_key(task.id(), state.agent_of(task).attempt) == key)
      return run_loop.read_inbox(task.id());
  }
}

void RequestHandler::answer(const loop::Peer& peer, std::string_view line,
                            const loop::SocketServer::Reply& reply) const {
  if (const std::optional<Notification> notification = parse_notification(line)) {
    if (notification->of != Notification::Of::Report) shim_notified(notification->key);
    read_inbox(notification->key);
    return reply(std::string(kOk));
  }
  if (peer.uid != ::geteuid()) return reply(fmt::format("{}another user's run", kRefused));
  const Result<Request> request = parse_request(line);
  if (!request) return reply(fmt::format("{}{}", kRefused, request.error().what));
  if (loop::Loop::boottime_ms() > request->until_ms)
    return reply(fmt::format("{}it came too late to be answered", kRefused));
  if (const std::string agent = agent_of(peer); !agent.empty()) {
    return reply(fmt::format("{}the agent of {} may report, but not {}", kRefused, agent,
                             to_text(request->asked.verb)));
  }
  UserAsked asked = request->asked;
  if (has_text(asked.verb)) {
    Result<std::string> text = read_file(paths.message(asked.message), longest_text(asked.verb));
    if (!text) return reply(fmt::format("{}{}", kRefused, one_line(text.error().what)));
    if (!makes_tasks(asked.verb))
      asked.text = std::move(*text);
    else if (const Status made = take_made(asked, *text); !made)
      return reply(fmt::format("{}{}", kRefused, made.error().what));
  }
  run_loop.post(std::move(asked), [reply](const Result<Decision>& decision) {
    const std::string why = decision ? ui::sentence(decision->refused) : decision.error().what;
    reply(why.empty() ? std::string(kOk) : fmt::format("{}{}", kRefused, one_line(why)));
  });
}

}  // namespace

Result<std::unique_ptr<loop::SocketServer>> listen_for_requests(
    loop::Loop& loop, const Paths& paths, const State& state, RunLoop& run_loop,
    std::function<void(const std::string&)> shim_notified) {
  return loop::SocketServer::listen(
      loop, paths.socket(),
      [handler = RequestHandler{paths, state, run_loop, std::move(shim_notified)}](
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

// Verb, time, the id of a message or question where there is one, and the task's id to the end of
// the line: an id has no newline in it.
std::string request_line(const Request& request) {
  const UserAsked& asked = request.asked;
  const std::string message = has_text(asked.verb) ? asked.message + " " : std::string();
  return fmt::format("{} {} {}{}", to_text(asked.verb), request.until_ms, message,
                     asked.task.value);
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
  request.asked.task.value = std::string(rest);
  std::from_chars(line.data() + first + 1, line.data() + second, request.until_ms);
  return request;
}

Status parse_answer(std::string_view line) {
  if (line == kOk) return {};
  if (line.starts_with(kRefused)) return fail(Fault::Refused, "{}", line.substr(kRefused.size()));
  return fail(Fault::Internal, "the supervisor answered '{}'", one_line(line, 80));
}

}  // namespace orch::app
