// Finds processes in /proc and signals them by their identity.
#include "orch/base/process.hpp"

#include "orch/base/files.hpp"
#include "orch/base/process_table.hpp"
#include "orch/base/process_tree.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <optional>

namespace orch {
namespace {

std::optional<ProcessStat> stat_of(pid_t pid) {
  if (pid <= 0) return {};
  const auto text = read_file(fmt::format("/proc/{}/stat", pid));
  return text ? parse_process_stat(pid, *text) : std::nullopt;
}

}  // namespace

void open_standard_streams() {
  int fd = 0;
  // Each open takes the lowest free number, so this ends with the first that is none of the three.
  while (fd >= 0 && fd <= STDERR_FILENO)
    fd = ::open("/dev/null", O_RDWR);
  ::close(fd);
}

std::string boot_id() {
  static std::string id;  // read until it could be: then it stays as it is
  if (!id.empty()) return id;
  const auto text = read_file("/proc/sys/kernel/random/boot_id");
  if (text) id = text->substr(0, text->find('\n'));
  return id;
}

ProcessId identify(pid_t pid) {
  const std::optional<ProcessStat> stat = stat_of(pid);
  if (!stat || !stat->is_alive()) return {};
  return {pid, stat->start_ticks, boot_id()};
}

bool is_alive(const ProcessId& process) {
  if (!process) return false;
  const auto text = read_file(fmt::format("/proc/{}/stat", process.pid));
  if (!text) {
    // That it cannot be looked at, as with no descriptor left, does not mean that it ended.
    const bool gone = text.error().fault == Fault::NotFound;
    return !gone && (::kill(process.pid, 0) == 0 || errno == EPERM);
  }
  const std::optional<ProcessStat> stat = parse_process_stat(process.pid, *text);
  return stat && stat->is_alive() && stat->start_ticks == process.start_ticks &&
         boot_id() == process.boot_id;
}

std::optional<std::uint64_t> asleep_at(const ProcessId& process) {
  const std::optional<ProcessStat> stat = stat_of(process.pid);
  if (!stat || stat->start_ticks != process.start_ticks || stat->state != 'S') return {};
  return stat->own_ticks;
}

bool signal_process(const ProcessId& process, int signal_number) {
  if (!process) return false;
  // The descriptor is opened before looking, so the number cannot change hands in between.
  const Fd handle(static_cast<int>(::syscall(SYS_pidfd_open, process.pid, 0)));
  if (!is_alive(process)) return false;
  if (!handle) return ::kill(process.pid, signal_number) == 0;
  return ::syscall(SYS_pidfd_send_signal, handle.get(), signal_number, nullptr, 0) == 0;
}

std::vector<ProcessId> descendants_of(pid_t root) {
  const ProcessTree tree(read_processes("/proc"));
  const std::string boot = boot_id();
  std::vector<ProcessId> found;
  for (const ProcessStat& one : tree.below(root))
    found.push_back({one.pid, one.start_ticks, boot});
  return found;
}

std::vector<pid_t> ancestors_of(pid_t pid) {
  constexpr std::size_t deepest = 4096;  // only a circle, read while numbers change, is deeper
  std::vector<pid_t> line;
  for (auto stat = stat_of(pid); stat && line.size() < deepest; stat = stat_of(pid)) {
    line.push_back(pid);
    pid = stat->parent;
  }
  return line;
}

}  // namespace orch
