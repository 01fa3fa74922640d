// Walks down from each root, through every process once.
#include "machine/process_tree.hpp"

#include <unordered_map>
#include <unordered_set>

namespace orch::machine {
namespace {

using Children = std::unordered_multimap<pid_t, const ProcessStat*>;

/// All below `root`, down to those in `not_these` and what is below them.
std::vector<TreeProcess> below(pid_t root, const Children& children,
                               std::unordered_set<pid_t>& not_these) {
  std::vector<TreeProcess> found;
  std::vector<pid_t> parents{root};
  while (!parents.empty()) {
    const auto [first, last] = children.equal_range(parents.back());
    parents.pop_back();
    for (auto child = first; child != last; ++child) {
      // Nobody is taken twice: a number that changed hands while we read could close a circle.
      if (!not_these.insert(child->second->pid).second) continue;
      found.push_back({*child->second, {}});
      parents.push_back(child->second->pid);
    }
  }
  return found;
}

}  // namespace

Trees find_trees(const std::vector<ProcessStat>& all, const std::vector<TreeRoot>& roots) {
  std::unordered_map<pid_t, const ProcessStat*> by_pid;
  Children children;
  for (const ProcessStat& process : all) {
    by_pid.emplace(process.pid, &process);
    children.emplace(process.parent, &process);
  }
  Trees trees;
  std::unordered_set<pid_t> taken;
  for (const TreeRoot& root : roots) {
    const auto found = by_pid.find(root.pid);
    const bool lives = found != by_pid.end() && found->second->start_ticks == root.start_ticks;
    if (!lives || !taken.insert(root.pid).second) continue;
    trees.emplace(root.key, Tree{*found->second, {}});
  }
  for (auto& [key, tree] : trees)
    tree.processes = below(tree.root.pid, children, taken);
  return trees;
}

}  // namespace orch::machine
