#pragma once
// Has the machine memory for another agent? Once it swaps, all agents stand still.
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

namespace orch::machine {

/// The memory of the machine at one moment.
struct MachineMemory {
  std::int64_t total = 0;      ///< bytes
  std::int64_t available = 0;  ///< to programs, without swapping: the kernel's own estimate
  double waited = 0;  ///< per cent of the last ten seconds in which a program waited for it

  bool operator==(const MachineMemory&) const = default;
};

/// Of /proc/meminfo and, where there is one, /proc/pressure/memory, and no more than the control
/// groups that we are in have. Nothing: it is not told.
std::optional<MachineMemory> read_machine_memory(
    const std::filesystem::path& proc, const std::filesystem::path& cgroups = "/sys/fs/cgroup");

/// The share of the last ten seconds in which at least one program waited, in per cent; nothing:
/// that is no text of /proc/pressure.
std::optional<double> parse_pressure(std::string_view text);

/// When it is short.
struct MemoryLimits {
  std::int64_t free_bytes =
      0;              ///< less is available; 0: 2 GB, or a fifth of all where that is less
  int pressure = 10;  ///< it was waited for in so many per cent of the time; 0: no matter
};

/// Says for how long no further agent is started: from the moment on at which memory is short until
/// there was clearly more than that for ten seconds, so that it does not go back and forth.
class MemoryJudge {
 public:
  /// `is_short`: as an earlier judge has left it.
  MemoryJudge(MemoryLimits limits, bool is_short) : limits_(limits), is_short_(is_short) {}

  /// `at_ms`: since boot.
  bool is_short(const MachineMemory& memory, std::int64_t at_ms);

 private:
  MemoryLimits limits_;
  bool is_short_;
  std::optional<std::int64_t> well_since_ms_;
};

}  // namespace orch::machine
