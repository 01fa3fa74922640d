// Sums over trees and their differences.
#include "machine/usage_meter.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace orch::machine {
namespace {

/// What a process has used, with its children that have ended: what a child had used is not lost
/// when it ends, as in a compile, but counts in its parent.
std::uint64_t ticks_of(const ProcessStat& process) {
  return process.own_ticks + process.children_ticks;
}

/// Two places are more than it is exact to.
double rounded(double value) {
  return std::round(value * 100) / 100;
}

}  // namespace

UsageMeter::Seen UsageMeter::seen_of(const Tree& tree) {
  Seen seen{.ticks = tree.root.children_ticks};
  for (const TreeProcess& process : tree.processes) {
    seen.ticks += ticks_of(process.stat);
    seen.processes.emplace(process.stat.pid, process.stat.start_ticks);
  }
  return seen;
}

double UsageMeter::cpu_of(const Tree& tree, const Seen& now, const Seen* before,
                          std::int64_t at_ms) const {
  const auto in_ms = [this](std::uint64_t ticks) {
    return static_cast<double>(ticks) * 1000.0 / static_cast<double>(per_second_);
  };
  if (before == nullptr) {
    const double lived = static_cast<double>(at_ms) - in_ms(tree.root.start_ticks);
    return lived < 1 ? 0 : rounded(in_ms(now.ticks) / lived);
  }
  std::uint64_t used_before = before->ticks;
  for (const TreeProcess& process : tree.processes) {
    const ProcessStat& stat = process.stat;
    // It was missed at the last look, between two parents: when it used what is not known.
    const bool was_missed = !before->processes.contains({stat.pid, stat.start_ticks}) &&
                            in_ms(stat.start_ticks) < static_cast<double>(last_ms_);
    if (was_missed) used_before += ticks_of(stat);
  }
  // Less than before: a process is gone that nobody waited for.
  if (at_ms <= last_ms_ || now.ticks <= used_before) return 0;
  return rounded(in_ms(now.ticks - used_before) / static_cast<double>(at_ms - last_ms_));
}

std::map<std::string, ResourceUse> UsageMeter::measure(const Trees& trees, std::int64_t at_ms) {
  std::map<std::string, ResourceUse> used;
  std::map<std::string, Seen> seen;
  for (const auto& [key, tree] : trees) {
    const auto known = seen_.find(key);
    const Seen& now = seen.emplace(key, seen_of(tree)).first->second;
    used[key] = {.cpu = cpu_of(tree, now, known == seen_.end() ? nullptr : &known->second, at_ms),
                 .memory = memory_of(tree),
                 .processes = static_cast<int>(tree.processes.size())};
  }
  seen_ = std::move(seen);
  last_ms_ = at_ms;
  return used;
}

std::int64_t memory_of(const Tree& tree) {
  std::int64_t own = 0;
  std::int64_t shared = 0;
  for (const TreeProcess& process : tree.processes) {
    own += process.memory.own;
    shared = std::max(shared, process.memory.shared);
  }
  return own + shared;
}

}  // namespace orch::machine
