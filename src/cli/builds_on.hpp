#pragma once
// Which task landed last, and which others stand on one that is to be taken back.
#include "cli/open_git.hpp"
#include "orch/base/result.hpp"
#include "orch/core/state.hpp"

#include <vector>

namespace orch::cli {

/// Fault::NotFound: none has, in this run.
Result<TaskId> landed_last(const State& state, OpenGit& git);

struct BuildsOn {
  std::vector<TaskId> landed;   ///< began where it had landed already, and have landed since
  std::vector<TaskId> at_work;  ///< began there as well
  std::vector<TaskId> waiting;  ///< need it, and have not begun
};

Result<BuildsOn> builds_on(const State& state, OpenGit& git, const TaskId& task);

}  // namespace orch::cli
