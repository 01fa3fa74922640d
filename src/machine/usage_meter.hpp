#pragma once
// What agents use, from one look at their processes to the next. Pure: knows no clock and no /proc.
#include "machine/process_tree.hpp"
#include "orch/core/resource_use.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace orch::machine {

class UsageMeter {
 public:
  /// Of the kernel's clock, in which it counts the time of processors.
  explicit UsageMeter(std::int64_t ticks_per_second) : per_second_(ticks_per_second) {}

  /// What each tree uses, looked at `at_ms` after boot. Processors are what it had of them since
  /// the last call; at the first one, since its root began.
  std::map<std::string, ResourceUse> measure(const Trees& trees, std::int64_t at_ms);

 private:
  using ProcessKey = std::pair<pid_t, std::uint64_t>;  ///< with its start

  /// A tree as it was at the last look.
  struct Seen {
    std::uint64_t ticks = 0;
    std::set<ProcessKey> processes;
  };

  static Seen seen_of(const Tree& tree);
  double cpu_of(const Tree& tree, const Seen& now, const Seen* before, std::int64_t at_ms) const;

  std::int64_t per_second_;
  std::int64_t last_ms_ = 0;
  std::map<std::string, Seen> seen_;
};

/// Bytes. Of what several processes may have in common (programs, libraries) the largest part
/// counts, once; adding it up for each would show an agent with many small processes as a large
/// one.
std::int64_t memory_of(const Tree& tree);

}  // namespace orch::machine
