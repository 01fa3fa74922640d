// The supervisor's own log.
#include "orch/base/log.hpp"

#include "orch/base/text.hpp"

#include <time.h>
#include <unistd.h>

#include <string>

namespace orch {

void write_log(LogLevel level, std::string_view text) {
  constexpr std::string_view kNames[] = {"error", "warning", "note"};
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  tm utc{};
  gmtime_r(&now.tv_sec, &utc);
  const std::string line =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z {} {}\n", utc.tm_year + 1900,
                  utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                  now.tv_nsec / 1'000'000, kNames[static_cast<int>(level)], one_line(text));
  // A log that cannot be written (disk full) must not stop the work it tells of.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace orch
