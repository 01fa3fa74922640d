// What comes over the socket.
#include "app/requests.hpp"

#include "app/supervisor.hpp"
#include "orch/base/attempt.hpp"
#include "orch/base/process.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace orch::app {
namespace {

constexpr std::string_view kOk = "ok";
constexpr std::string_view kRefused = "refused ";

/// The task whose agent asks, found by ancestry and start time, or nothing: then it is a person.
const TaskRecord* agent_of(const World& world, const loop::Peer& peer) {
  const std::vector<pid_t> line = ancestors_of(peer.pid);
  for (const TaskRecord& task : world.state.tasks) {
    if (!task.attempt.alive) continue;
    const auto claim = shim::read_claim(world.run.attempt(task.id(), task.attempt.number));
    if (claim && is_alive(claim->shim) && std::ranges::find(line, claim->shim.pid) != line.end()) {
      return &task;
    }
  }
  return nullptr;
}

void answer(World& world, Supervisor& supervisor, const loop::Peer& peer, std::string_view line,
            const loop::Server::Reply& reply) {
  const bool is_ring = line == kRing || line.starts_with("started ") || line.starts_with("exited ");
  if (is_ring) {
    supervisor.read_reports();
    return reply(std::string(kOk));
  }
  if (peer.uid != ::geteuid()) return reply(fmt::format("{}another user's run", kRefused));
  const Result<PersonAsked> request = parse_request(line);
  if (!request) return reply(fmt::format("{}{}", kRefused, request.error().what));
  if (const TaskRecord* task = agent_of(world, peer)) {
    return reply(fmt::format("{}the agent of {} may report, but not {}", kRefused, task->id().value,
                             to_text(request->verb)));
  }
  const std::string refused = supervisor.ask(*request);
  reply(refused.empty() ? std::string(kOk) : fmt::format("{}{}", kRefused, one_line(refused)));
}

}  // namespace

Result<std::unique_ptr<loop::Server>> listen_for_requests(World& world, Supervisor& supervisor) {
  return loop::Server::listen(world.loop, world.places.socket(),
                              [&world, &supervisor](const loop::Peer& peer, std::string_view line,
                                                    loop::Server::Reply reply) {
                                answer(world, supervisor, peer, line, reply);
                              });
}

// A verb, a blank, and the task's id to the end of the line: an id has no newline in it.
std::string request_line(const PersonAsked& request) {
  return fmt::format("{} {}", to_text(request.verb), request.task.value);
}

Result<PersonAsked> parse_request(std::string_view line) {
  const std::size_t blank = line.find(' ');
  const std::string_view name = line.substr(0, blank);
  const std::optional<Verb> verb = from_text<Verb>(name);
  if (!verb) return fail(Fault::BadInput, "'{}' is not a request", one_line(name, 40));
  const std::string_view task = blank == std::string_view::npos ? "" : line.substr(blank + 1);
  return PersonAsked{*verb, TaskId{std::string(task)}};
}

Status parse_answer(std::string_view line) {
  if (line == kOk) return {};
  if (line.starts_with(kRefused)) return fail(Fault::Refused, "{}", line.substr(kRefused.size()));
  return fail(Fault::Internal, "the supervisor answered '{}'", one_line(line, 80));
}

}  // namespace orch::app
