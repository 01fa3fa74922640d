#pragma once
// What comes over the socket: notifications of agents and shims, requests of users, and who may ask
// for what.
#include "app/paths.hpp"
#include "loop/socket.hpp"
#include "orch/base/result.hpp"
#include "orch/core/event.hpp"
#include "orch/core/state.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace orch {
class RunLoop;
}

namespace orch::app {

/// Listens on the repository's socket, for as long as the others live. An agent (a process below
/// the shim of a running attempt) may notify, say what it may report, and ask for nothing else.
/// `shim_notified` is told the key of an attempt whose shim says that it started or ended.
Result<std::unique_ptr<loop::SocketServer>> listen_for_requests(
    loop::Loop& loop, const Paths& paths, const RunPaths& run, const State& state,
    RunLoop& run_loop, std::function<void(const std::string&)> shim_notified);

/// What somebody asks for, and until when: who was told that nobody answers must not find it done
/// later.
struct Request {
  UserAsked asked;
  std::int64_t until_ms = 0;  ///< CLOCK_BOOTTIME; after it the request is refused

  bool operator==(const Request&) const = default;
};

/// The line that asks for something, and the reading of its answer.
std::string request_line(const Request& request);
Result<Request> parse_request(std::string_view line);
/// What `ok` says besides, or a refusal as an Error (Fault::Refused).
Result<std::string> parse_answer(std::string_view line);

/// An agent says something and waits for the answer: the report with this id lies in the spool of
/// the attempt with this key, as one that is not there yet.
struct Saying {
  std::string key;
  std::string id;

  bool operator==(const Saying&) const = default;
};

std::string saying_line(const Saying& saying);
/// Nothing: it is none.
std::optional<Saying> parse_saying(std::string_view line);

/// What happened to the attempt with that key, and shows in its folder. Anybody may say so.
struct Notification {
  enum class Of { Report, Start, Exit, Input } of = Of::Report;
  std::string key;

  bool operator==(const Notification&) const = default;
};

/// The line that says that there is something in the spool of an attempt; without a key it only
/// asks whether somebody answers.
std::string notification_line(std::string_view key = {});
/// Nothing: it is no notification. A shim's lines are `started KEY`, `exited KEY` and `typed KEY`:
/// it has answered a delivery, or a person has begun to type.
std::optional<Notification> parse_notification(std::string_view line);

}  // namespace orch::app
