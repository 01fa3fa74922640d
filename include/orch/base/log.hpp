#pragma once
// The supervisor's own log: one line per event, for the user who looks for a reason. What must
// not be lost is in the database.
#include <fmt/format.h>

#include <cstdint>
#include <string_view>
#include <utility>

namespace orch {

enum class LogLevel : std::uint8_t { Error, Warning, Note };

/// Writes `2026-11-21T04:03:12.345Z warning text` to standard error, which is the log file of a
/// supervisor. Never fails, never blocks on a user's terminal.
void write_log(LogLevel level, std::string_view text);

template <class... Args>
void log_line(LogLevel level, fmt::format_string<Args...> text, Args&&... args) {
  write_log(level, fmt::format(text, std::forward<Args>(args)...));
}

}  // namespace orch
