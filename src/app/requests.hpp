#pragma once
// What comes over the socket: rings of agents and shims, requests of people, and who may ask for
// what.
#include "app/places.hpp"
#include "loop/socket.hpp"
#include "orch/base/result.hpp"
#include "orch/core/event.hpp"
#include "orch/core/state.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace orch {
class RunLoop;
}

namespace orch::app {

/// Listens on the repository's socket, for as long as the others live. An agent (a process below
/// the shim of a running attempt) may ring, and ask for nothing: it reports by its spool.
Result<std::unique_ptr<loop::Server>> listen_for_requests(loop::Loop& loop, const Places& places,
                                                          const State& state, RunLoop& run_loop);

/// What somebody asks for, and until when: who was told that nobody answers must not find it done
/// later.
struct Request {
  PersonAsked asked;
  std::int64_t until_ms = 0;  ///< CLOCK_BOOTTIME; after it the request is refused

  bool operator==(const Request&) const = default;
};

/// The line that asks for something, and the reading of its answer.
std::string request_line(const Request& request);
Result<Request> parse_request(std::string_view line);
/// `ok` or a refusal as an Error (Fault::Refused).
Status parse_answer(std::string_view line);

/// The line that says that there is something in a spool, or that a shim started or ended.
inline constexpr std::string_view kRing = "ring";

}  // namespace orch::app
