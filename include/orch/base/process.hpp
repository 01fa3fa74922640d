#pragma once
// Who a process is, so that nothing is ever signalled by a number that was given to somebody else.
#include "orch/base/result.hpp"

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace orch {

/// pid + start time (clock ticks since boot, /proc/PID/stat field 22) + boot id. Two processes
/// never share all three.
struct ProcessId {
  pid_t pid = 0;
  std::uint64_t start_ticks = 0;
  std::string boot_id;

  bool operator==(const ProcessId&) const = default;

  explicit operator bool() const { return pid > 0; }
};

/// Opens /dev/null where a caller (cron, `<&- >&-`) left 0, 1 or 2 closed: the next file we open
/// would be taken for a standard stream. To be called before anything else is opened.
void open_standard_streams();

/// The kernel's id of this boot; empty where /proc is missing.
std::string boot_id();
/// The identity of a living process, or of none ({}).
ProcessId identify(pid_t pid);
/// Is exactly this process alive (not a zombie, not a later one with the same number)?
bool is_alive(const ProcessId& process);
/// What it has used of processors so far (clock ticks), if it waits for something at this moment:
/// the same number again after a while says that it got no further.
std::optional<std::uint64_t> asleep_at(const ProcessId& process);
/// Sends the signal if it is still that process; false if it is gone.
bool signal_process(const ProcessId& process, int signal_number);
/// All living descendants of `root`, parents first, `root` itself not included.
std::vector<ProcessId> descendants_of(pid_t root);
/// The pids from `pid` up to 1, `pid` first.
std::vector<pid_t> ancestors_of(pid_t pid);

}  // namespace orch
