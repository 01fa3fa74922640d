// From states of processes to those of agents.
#include "machine/frozen.hpp"

#include <algorithm>

namespace orch::machine {
namespace {

bool is_stopped(const TreeProcess& process) {
  return process.stat.state == 'T' || process.stat.state == 't';
}

/// What is below the shim is the agent's program, the first one; others became orphans later.
const TreeProcess* own_program(const Tree& tree) {
  const TreeProcess* own = nullptr;
  for (const TreeProcess& process : tree.processes) {
    const bool is_first = own == nullptr || process.stat.start_ticks < own->stat.start_ticks;
    if (process.stat.parent == tree.root.pid && is_first) own = &process;
  }
  return own;
}

}  // namespace

pid_t first_process(const Tree& tree) {
  const TreeProcess* const own = own_program(tree);
  return own == nullptr ? 0 : own->stat.pid;
}

bool is_frozen(const Tree& tree) {
  if (tree.processes.empty()) return false;
  const TreeProcess* const own = own_program(tree);
  return (own != nullptr && is_stopped(*own)) || std::ranges::all_of(tree.processes, is_stopped);
}

const std::map<std::string, std::int64_t>& FrozenJudge::judge(const Trees& trees,
                                                              std::int64_t at_ms) {
  std::erase_if(since_ms_, [&trees](const auto& entry) {
    const auto tree = trees.find(entry.first);
    return tree == trees.end() || !is_frozen(tree->second);
  });
  for (const auto& [key, tree] : trees)
    if (is_frozen(tree)) since_ms_.emplace(key, at_ms);
  return since_ms_;
}

}  // namespace orch::machine
