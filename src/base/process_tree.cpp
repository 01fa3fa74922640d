// Follows processes from parents to children.
#include "orch/base/process_tree.hpp"

#include <unordered_set>

namespace orch {

ProcessTree::ProcessTree(const std::vector<ProcessStat>& processes) {
  for (const ProcessStat& one : processes)
    children_.emplace(one.parent, one);
}

std::vector<ProcessStat> ProcessTree::below(pid_t root) const {
  // A number given away while they were read could close a circle: nobody is taken twice.
  std::unordered_set<pid_t> known{root};
  std::vector<ProcessStat> found;
  const auto take_children_of = [&](pid_t parent) {
    const auto [first, last] = children_.equal_range(parent);
    for (auto child = first; child != last; ++child)
      if (known.insert(child->second.pid).second) found.push_back(child->second);
  };
  take_children_of(root);
  for (std::size_t next = 0; next < found.size(); ++next)
    take_children_of(found[next].pid);
  return found;
}

}  // namespace orch
