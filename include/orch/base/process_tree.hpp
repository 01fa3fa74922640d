#pragma once
// Who is whose child, of the processes of one moment: one look at /proc answers for many of them.
#include "orch/base/process_table.hpp"

#include <sys/types.h>

#include <unordered_map>
#include <vector>

namespace orch {

class ProcessTree {
 public:
  explicit ProcessTree(const std::vector<ProcessStat>& processes);

  /// All descendants of `root`, parents first, `root` itself not included.
  std::vector<ProcessStat> below(pid_t root) const;

 private:
  std::unordered_multimap<pid_t, ProcessStat> children_;  ///< by their parent
};

}  // namespace orch
