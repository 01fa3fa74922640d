#pragma once
// The processes of the machine at one moment, as /proc has them.
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

namespace orch {

/// What /proc/PID/stat says of a process.
struct ProcessStat {
  pid_t pid = 0;
  char state = '?';
  pid_t parent = 0;
  std::uint64_t own_ticks = 0;  ///< of processors, user and system
  /// The same of its children that have ended, and of theirs, as far as each was waited for.
  std::uint64_t children_ticks = 0;
  std::uint64_t start_ticks = 0;  ///< since boot

  bool is_alive() const { return state != 'Z' && state != 'X' && state != 'x'; }

  bool is_running() const { return state == 'R'; }

  bool operator==(const ProcessStat&) const = default;
};

/// Nothing: that is no text of /proc/PID/stat.
std::optional<ProcessStat> parse_process_stat(pid_t pid, std::string_view text);

/// All that live, in no order, at most `most`. Another folder than /proc is for tests.
std::vector<ProcessStat> read_processes(const std::filesystem::path& proc,
                                        std::size_t most = std::numeric_limits<std::size_t>::max());

/// Bytes of memory that a process has at this moment.
struct ProcessMemory {
  std::int64_t own = 0;     ///< that nobody else has
  std::int64_t shared = 0;  ///< of files (programs, libraries), which others may have as well

  bool operator==(const ProcessMemory&) const = default;
};

/// None of a process that is gone.
ProcessMemory read_memory(const std::filesystem::path& proc, pid_t pid);

}  // namespace orch
