// Reads /proc/PID/stat and /proc/PID/statm, one read for each.
#include "orch/base/process_table.hpp"

#include "orch/base/files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <string>

namespace orch {
namespace {

template <class T>
bool read_number(std::string_view text, T& value) {
  const char* end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, value);
  return code == std::errc{} && stop == end;
}

std::string_view next_word(std::string_view& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

/// A file of the kernel's that is short: the text lies in `buffer`. Empty: it cannot be read.
template <std::size_t Size>
std::string_view read_short(const std::filesystem::path& file, std::array<char, Size>& buffer) {
  const Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!fd) return {};
  const ssize_t got = ::read(fd.get(), buffer.data(), buffer.size());
  return {buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
}

}  // namespace

// The command's name stands before the other fields and may hold spaces and parentheses.
std::optional<ProcessStat> parse_process_stat(pid_t pid, std::string_view text) {
  constexpr int kState = 3;
  constexpr int kParent = 4;
  constexpr int kUser = 14;
  constexpr int kSystem = 15;
  constexpr int kChildrenUser = 16;
  constexpr int kChildrenSystem = 17;
  constexpr int kStart = 22;
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string_view::npos || name_end + 2 >= text.size()) return {};
  text.remove_prefix(name_end + 2);
  ProcessStat stat{.pid = pid};
  std::array<std::uint64_t, 4> ticks{};
  for (int field = kState; field <= kStart; ++field) {
    const std::string_view word = next_word(text);
    if (word.empty()) return {};
    bool good = true;
    switch (field) {
      case kState: stat.state = word.front(); break;
      case kParent: good = read_number(word, stat.parent); break;
      case kUser: good = read_number(word, ticks[0]); break;
      case kSystem: good = read_number(word, ticks[1]); break;
      case kChildrenUser: good = read_number(word, ticks[2]); break;
      case kChildrenSystem: good = read_number(word, ticks[3]); break;
      case kStart: good = read_number(word, stat.start_ticks); break;
      default: break;
    }
    if (!good) return {};
  }
  stat.own_ticks = ticks[0] + ticks[1];
  stat.children_ticks = ticks[2] + ticks[3];
  return stat;
}

std::vector<ProcessStat> read_processes(const std::filesystem::path& proc, std::size_t most) {
  std::vector<ProcessStat> all;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(proc.c_str()), ::closedir);
  if (!folder) return all;
  std::array<char, 4096> buffer;
  while (const dirent* entry = ::readdir(folder.get())) {
    pid_t pid = 0;
    if (!read_number(std::string_view(entry->d_name), pid)) continue;
    if (all.size() >= most) break;
    const auto stat = parse_process_stat(pid, read_short(proc / entry->d_name / "stat", buffer));
    if (stat && stat->is_alive()) all.push_back(*stat);
  }
  return all;
}

// What is exact is in smaps_rollup, for which the kernel goes through all pages of the process.
ProcessMemory read_memory(const std::filesystem::path& proc, pid_t pid) {
  std::array<char, 256> buffer;
  std::string_view text = read_short(proc / fmt::format("{}", pid) / "statm", buffer);
  next_word(text);  // its address space
  std::int64_t resident = 0;
  std::int64_t shared = 0;
  if (!read_number(next_word(text), resident) || !read_number(next_word(text), shared)) return {};
  static const std::int64_t page = ::sysconf(_SC_PAGESIZE);
  return {std::max<std::int64_t>(0, resident - shared) * page, shared * page};
}

}  // namespace orch
