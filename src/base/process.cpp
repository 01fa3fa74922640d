// Finds processes in /proc and signals them by their identity.
#include "orch/base/process.hpp"

#include "orch/base/files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <memory>
#include <optional>
#include <string_view>

namespace orch {
namespace {

struct Stat {
  char state = '?';
  pid_t parent = 0;
  std::uint64_t user_ticks = 0;
  std::uint64_t system_ticks = 0;
  std::uint64_t start_ticks = 0;

  bool alive() const { return state != 'Z' && state != 'X' && state != 'x'; }
};

template <class T>
bool read_number(std::string_view text, T& value) {
  const char* end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, value);
  return code == std::errc{} && stop == end;
}

/// The fields after the command's name, which itself may hold spaces and parentheses.
std::optional<Stat> parse_stat(std::string_view text) {
  constexpr std::size_t state_field = 3;
  constexpr std::size_t parent_field = 4;
  constexpr std::size_t user_field = 14;
  constexpr std::size_t system_field = 15;
  constexpr std::size_t start_field = 22;
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string_view::npos || name_end + 2 >= text.size()) return {};
  text.remove_prefix(name_end + 2);
  Stat stat;
  for (std::size_t field = state_field; field <= start_field; ++field) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    if (word.empty()) return {};
    if (field == state_field) stat.state = word.front();
    if (field == parent_field && !read_number(word, stat.parent)) return {};
    if (field == user_field && !read_number(word, stat.user_ticks)) return {};
    if (field == system_field && !read_number(word, stat.system_ticks)) return {};
    if (field == start_field && !read_number(word, stat.start_ticks)) return {};
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return stat;
}

std::optional<Stat> stat_of(pid_t pid) {
  if (pid <= 0) return {};
  const auto text = read_file(fmt::format("/proc/{}/stat", pid));
  return text ? parse_stat(*text) : std::nullopt;
}

std::vector<pid_t> all_pids() {
  std::vector<pid_t> pids;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc"), ::closedir);
  if (!folder) return pids;
  while (const dirent* entry = ::readdir(folder.get())) {
    pid_t pid = 0;
    if (read_number(std::string_view(entry->d_name), pid)) pids.push_back(pid);
  }
  return pids;
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
  const std::optional<Stat> stat = stat_of(pid);
  if (!stat || !stat->alive()) return {};
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
  const std::optional<Stat> stat = parse_stat(*text);
  return stat && stat->alive() && stat->start_ticks == process.start_ticks &&
         boot_id() == process.boot_id;
}

std::optional<std::uint64_t> asleep_at(const ProcessId& process) {
  const std::optional<Stat> stat = stat_of(process.pid);
  if (!stat || stat->start_ticks != process.start_ticks || stat->state != 'S') return {};
  return stat->user_ticks + stat->system_ticks;
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
  struct Living {
    pid_t pid;
    Stat stat;
  };

  std::vector<Living> living;
  for (const pid_t pid : all_pids()) {
    if (const auto stat = stat_of(pid); stat && stat->alive()) living.push_back({pid, *stat});
  }
  const std::string boot = boot_id();
  std::vector<ProcessId> found{{root, 0, {}}};
  for (std::size_t next = 0; next < found.size(); ++next) {
    const pid_t parent = found[next].pid;
    for (const Living& one : living) {
      // A number given away while we read could close a circle: nobody is taken twice.
      const bool known = std::ranges::find(found, one.pid, &ProcessId::pid) != found.end();
      if (one.stat.parent == parent && !known) {
        found.push_back({one.pid, one.stat.start_ticks, boot});
      }
    }
  }
  found.erase(found.begin());
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
