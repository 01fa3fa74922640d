#pragma once
// The processes of each agent, found in a table of all that there are.
//
// They are those below the agent's shim. That is a subreaper: what an agent has put into the
// background, also as a daemon with a session of its own, is the shim's child once its parent has
// ended, and stays in the tree as long as the shim lives.
#include "orch/base/process_table.hpp"

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace orch::machine {

/// Where the tree of an agent begins.
struct TreeRoot {
  std::string key;                ///< of the attempt
  pid_t pid = 0;                  ///< its shim
  std::uint64_t start_ticks = 0;  ///< another process has the number by now: there is no tree
};

struct TreeProcess {
  ProcessStat stat;
  ProcessMemory memory;
};

/// What is below a root. Of the root itself, which is a program of ours, only what it has reaped
/// counts.
struct Tree {
  ProcessStat root;
  std::vector<TreeProcess> processes;
};

using Trees = std::map<std::string, Tree>;  ///< by the key of the attempt

/// The trees of those roots that live. A process is in one of them at most: the one of the root
/// that is nearest above it.
Trees find_trees(const std::vector<ProcessStat>& all, const std::vector<TreeRoot>& roots);

}  // namespace orch::machine
