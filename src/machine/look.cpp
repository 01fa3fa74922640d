// Reads the table of processes, and the memory of those that are somebody's.
#include "machine/look.hpp"

#include <time.h>

namespace orch::machine {
namespace {

/// More are not looked at: a machine has no room for them, or they are of a fork bomb.
constexpr std::size_t kMost = 32'768;

std::int64_t ms_of(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

}  // namespace

Look look_at(const std::filesystem::path& proc, const std::vector<TreeRoot>& roots) {
  const std::int64_t begin = ms_of(CLOCK_THREAD_CPUTIME_ID);
  Look look{.at_ms = ms_of(CLOCK_BOOTTIME)};
  look.memory = read_machine_memory(proc);
  if (!roots.empty()) look.trees = find_trees(read_processes(proc, kMost), roots);
  for (auto& [key, tree] : look.trees)
    for (TreeProcess& process : tree.processes)
      process.memory = read_memory(proc, process.stat.pid);
  look.took_ms = ms_of(CLOCK_THREAD_CPUTIME_ID) - begin;
  return look;
}

}  // namespace orch::machine
