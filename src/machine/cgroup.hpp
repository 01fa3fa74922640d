#pragma once
// How much memory the control groups that we are in leave us: a container, a systemd slice or a
// job of a batch system may have less than its machine.
#include <cstdint>
#include <filesystem>
#include <optional>

namespace orch::machine {

struct CgroupMemory {
  std::int64_t limit = 0;  ///< bytes
  std::int64_t used = 0;   ///< without the cache of files, which is given up when it is needed

  std::int64_t left() const { return limit > used ? limit - used : 0; }

  bool operator==(const CgroupMemory&) const = default;
};

/// Of all groups that we are in, by `proc`/self/cgroup, the one that leaves the least; nothing:
/// none has a limit. `cgroups`: where they are mounted, those of version 2 or 1.
std::optional<CgroupMemory> read_cgroup_memory(const std::filesystem::path& proc,
                                               const std::filesystem::path& cgroups);

}  // namespace orch::machine
