#pragma once
// One look at /proc for all agents together.
#include "machine/memory.hpp"
#include "machine/process_tree.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace orch::machine {

struct Look {
  std::int64_t at_ms = 0;    ///< since boot
  std::int64_t took_ms = 0;  ///< of a processor
  Trees trees;
  std::optional<MachineMemory> memory;
};

/// Takes a few microseconds for each process of the machine, so it belongs in a thread. Starts
/// nothing, and holds one file open at a time.
Look look_at(const std::filesystem::path& proc, const std::vector<TreeRoot>& roots);

}  // namespace orch::machine
