// The files of the memory controller, from our own group up to the root.
#include "machine/cgroup.hpp"

#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <system_error>

namespace orch::machine {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongest = 64u << 10;
// Version 1 has a number for "no limit"; no machine has so much.
constexpr std::int64_t kNoLimit = std::int64_t{1} << 60;

struct Names {
  std::string_view limit;
  std::string_view usage;
  std::string_view cache;  ///< in memory.stat
};

constexpr Names kVersion2{"memory.max", "memory.current", "inactive_file "};
constexpr Names kVersion1{"memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file "};

/// Nothing for "max", as for what is no number.
std::optional<std::int64_t> number_in(std::string_view text) {
  text = trim(text);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < 0) return {};
  return number;
}

std::optional<std::int64_t> number_of(const fs::path& file) {
  const Result<std::string> text = read_file(file, kLongest);
  return text ? number_in(*text) : std::nullopt;
}

std::int64_t cache_of(const fs::path& group, std::string_view name) {
  const Result<std::string> text = read_file(group / "memory.stat", kLongest);
  if (!text) return 0;
  for (const std::string_view line : split_lines(*text))
    if (line.starts_with(name)) return number_in(line.substr(name.size())).value_or(0);
  return 0;
}

std::optional<CgroupMemory> memory_of(const fs::path& group, const Names& names) {
  const std::optional<std::int64_t> limit = number_of(group / names.limit);
  const std::optional<std::int64_t> usage = number_of(group / names.usage);
  if (!limit || *limit >= kNoLimit || !usage) return {};
  return CgroupMemory{*limit, *usage - std::min(*usage, cache_of(group, names.cache))};
}

/// Of the group at this path below the mount and of those above it.
void look_upwards(const fs::path& mount, std::string_view path, const Names& names,
                  std::optional<CgroupMemory>& least) {
  fs::path group = fs::path(path).lexically_normal().relative_path();
  // In a container the path may be one of the host's, of which only the root is there.
  while (true) {
    const std::optional<CgroupMemory> memory = memory_of(mount / group, names);
    if (memory && (!least || memory->left() < least->left())) least = memory;
    if (group.empty() || !group.has_relative_path()) return;
    group = group.parent_path();
  }
}

}  // namespace

std::optional<CgroupMemory> read_cgroup_memory(const fs::path& proc, const fs::path& cgroups) {
  const Result<std::string> own = read_file(proc / "self" / "cgroup", kLongest);
  if (!own) return {};
  std::optional<CgroupMemory> least;
  for (const std::string_view line : split_lines(*own)) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) continue;
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    const std::string_view path = trim(line.substr(second + 1));
    if (controllers.empty()) look_upwards(cgroups, path, kVersion2, least);
    if (controllers == "memory") look_upwards(cgroups / "memory", path, kVersion1, least);
  }
  return least;
}

}  // namespace orch::machine
