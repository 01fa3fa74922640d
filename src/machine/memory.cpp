// Two files of the kernel's, and when what they say is too little.
#include "machine/memory.hpp"

#include "machine/cgroup.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <system_error>

namespace orch::machine {
namespace {

constexpr std::int64_t kCalmMs = 10'000;
constexpr std::int64_t kMostWanted = 2'000'000'000;
constexpr std::int64_t kShare = 5;
constexpr std::size_t kLongest = 64u << 10;

/// "MemAvailable:   23238 kB" in bytes; 0: there is no such line.
std::int64_t size_in(std::string_view meminfo, std::string_view name) {
  for (const std::string_view line : split_lines(meminfo)) {
    if (!line.starts_with(name)) continue;
    const std::string_view rest = trim(line.substr(name.size()));
    std::int64_t kilobytes = 0;
    std::from_chars(rest.data(), rest.data() + rest.size(), kilobytes);
    return kilobytes * 1024;
  }
  return 0;
}

std::int64_t floor_of(const MemoryLimits& limits, const MachineMemory& memory) {
  if (limits.free_bytes > 0) return limits.free_bytes;
  return std::min(kMostWanted, memory.total / kShare);
}

}  // namespace

std::optional<double> parse_pressure(std::string_view text) {
  constexpr std::string_view kBegin = "some avg10=";
  if (!text.starts_with(kBegin)) return {};
  text.remove_prefix(kBegin.size());
  const char* end = text.data() + std::min(text.find(' '), text.size());
  double value = 0;
  const auto [stop, code] = std::from_chars(text.data(), end, value);
  // Written so that what is not a number is none.
  if (code != std::errc{} || stop != end || !(value >= 0 && value <= 100)) return {};
  return value;
}

// In many containers there is no file of pressures.
std::optional<MachineMemory> read_machine_memory(const std::filesystem::path& proc,
                                                 const std::filesystem::path& cgroups) {
  const Result<std::string> meminfo = read_file(proc / "meminfo", kLongest);
  if (!meminfo) return {};
  MachineMemory memory{.total = size_in(*meminfo, "MemTotal:"),
                       .available = size_in(*meminfo, "MemAvailable:")};
  if (memory.total <= 0 || memory.available <= 0) return {};
  if (const std::optional<CgroupMemory> group = read_cgroup_memory(proc, cgroups)) {
    memory.total = std::min(memory.total, group->limit);
    memory.available = std::min(memory.available, group->left());
  }
  const Result<std::string> pressure = read_file(proc / "pressure" / "memory", kLongest);
  if (pressure) memory.waited = parse_pressure(*pressure).value_or(0);
  return memory;
}

bool MemoryJudge::is_short(const MachineMemory& memory, std::int64_t at_ms) {
  const std::int64_t floor = floor_of(limits_, memory);
  const bool counts = limits_.pressure > 0;
  const auto limit = static_cast<double>(limits_.pressure);
  if (memory.available < floor || (counts && memory.waited > limit)) {
    is_short_ = true;
    well_since_ms_.reset();
    return true;
  }
  if (!is_short_) return false;
  const bool is_well =
      memory.available >= floor + floor / 4 && (!counts || memory.waited < limit / 2);
  if (!is_well) {
    well_since_ms_.reset();
  } else if (!well_since_ms_) {
    well_since_ms_ = at_ms;
  }
  is_short_ = !well_since_ms_ || at_ms - *well_since_ms_ < kCalmMs;
  return is_short_;
}

}  // namespace orch::machine
