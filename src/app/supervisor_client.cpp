// Looks at the lock, asks over the socket, waits for the answer.
#include "app/supervisor_client.hpp"

#include "app/requests.hpp"
#include "app/spool.hpp"
#include "loop/detach.hpp"
#include "loop/loop.hpp"
#include "loop/socket.hpp"
#include "orch/base/files.hpp"
#include "orch/base/process.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <thread>

namespace orch::app {
namespace {

using namespace std::chrono_literals;

constexpr Span kStartTimeout = 10s;
constexpr Span kAnswerTimeout = 10s;
// A request is begun only while its answer can still come in time.
constexpr Span kAnswerMargin = 1s;
constexpr Span kLook = 20ms;
constexpr int kStarts = 3;

std::uintmax_t size_of(const fs::path& file) {
  std::error_code ec;
  const std::uintmax_t size = fs::file_size(file, ec);
  return ec ? 0 : size;
}

/// What the last error in the log says that was written after `from`; empty: there is none.
std::string logged_error(const fs::path& log, std::uintmax_t from) {
  const Result<std::string> text = read_file(log);
  if (!text || text->size() <= from) return {};
  std::string found;
  constexpr std::string_view kError = " error ";
  for (const std::string_view line : split_lines(std::string_view(*text).substr(from))) {
    const std::size_t stamp = line.find(' ');
    if (stamp != line.npos && line.substr(stamp).starts_with(kError))
      found = line.substr(stamp + kError.size());
  }
  return found;
}

Failure not_started(const Paths& paths, bool gone, std::uintmax_t log_before) {
  const std::string log = fmt::format("its log is {}", paths.log().string());
  const std::string reason = logged_error(paths.log(), log_before);
  if (!gone) return hinted(fail(Fault::TimedOut, "the supervisor did not come up"), log);
  if (reason.empty()) return hinted(fail(Fault::Io, "the supervisor ended at once"), log);
  return hinted(fail(Fault::Refused, "the supervisor ended at once: {}", reason), log);
}

}  // namespace

bool supervisor_alive(const Paths& paths) {
  return is_locked(paths.lock());
}

std::int64_t supervisor_pid(const Paths& paths) {
  if (!supervisor_alive(paths)) return 0;
  const Result<std::string> text = read_file(paths.lock(), 64);
  std::int64_t pid = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), pid);
  return pid;
}

Status start_supervisor(const Paths& paths, const std::string& run, const fs::path& program) {
  const std::vector<std::string> argv = {program.string(), "-C", paths.repository().string(),
                                         "supervise", run};
  const std::uintmax_t log_before = size_of(paths.log());
  const Result<ProcessId> started = loop::start_detached(argv, paths.log());
  if (!started) return passed_on(started);
  const std::int64_t deadline = loop::Loop::boottime_ms() + kStartTimeout.count();
  bool gone = false;
  while (loop::Loop::boottime_ms() < deadline && !gone) {
    if (loop::ask(paths.socket(), notification_line(), kLook)) return {};
    // Another one, started at the same time, may have come first: ours has left the place to it.
    gone = !is_alive(*started) && !supervisor_alive(paths);
    if (!gone) std::this_thread::sleep_for(kLook);
  }
  if (gone && loop::ask(paths.socket(), notification_line(), kLook)) return {};
  return not_started(paths, gone, log_before);
}

namespace {

/// One that was killed before it answered is started again; one that ended by itself says why, and
/// would end again.
Status start_even_if_killed(const Paths& paths, const std::string& run, const fs::path& program) {
  Status started = start_supervisor(paths, run, program);
  for (int tries = 1; tries < kStarts && !started && started.error().fault == Fault::Io; ++tries)
    started = start_supervisor(paths, run, program);
  return started;
}

}  // namespace

Status see_to_supervisor(const Paths& paths, const std::string& run, const fs::path& program) {
  const Result<std::string> answer = loop::ask(paths.socket(), notification_line(), kAnswerTimeout);
  // One that lives and is too busy to answer now is not replaced by another.
  if (answer || answer.error().fault != Fault::NotFound) return {};
  return start_even_if_killed(paths, run, program);
}

Result<std::string> ask_living(const Paths& paths, const UserAsked& request) {
  const std::int64_t now = loop::Loop::boottime_ms();
  const Request timed{request, now + (kAnswerTimeout - kAnswerMargin).count()};
  const Result<std::string> answer = loop::ask(paths.socket(), request_line(timed), kAnswerTimeout);
  if (!answer && answer.error().fault == Fault::TimedOut)
    return hinted(passed_on(answer),
                  "it is busy or was stopped; what you asked for is not done "
                  "later, so ask again");
  if (!answer) return passed_on(answer);
  return parse_answer(*answer);
}

Result<std::string> ask_supervisor(const Paths& paths, const std::string& run,
                                   const fs::path& program, const UserAsked& request) {
  Result<std::string> asked = ask_living(paths, request);
  if (asked || asked.error().fault != Fault::NotFound) return asked;
  if (Status started = start_even_if_killed(paths, run, program); !started)
    return passed_on(started);
  return ask_living(paths, request);
}

}  // namespace orch::app
