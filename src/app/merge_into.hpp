#pragma once
// A commit that git merges into the worktree of a task, where its agent waits.
#include "app/run_context.hpp"
#include "git/bring_base.hpp"
#include "loop/job.hpp"
#include "orch/base/result.hpp"
#include "orch/core/ids.hpp"

#include <string>

namespace orch::git {
class Repository;
}

namespace orch::app {

/// Whose worktree it is, whatever the effect.
struct WorktreePlace {
  TaskId task;
  int attempt = 0;
  std::string agent;
  std::string worktree;
  std::string branch;
  CommitId work;  ///< nothing is merged where HEAD is another one; empty: whatever HEAD is
};

/// Merges `commit`, which the message calls `name`; done again it finds that it is merged.
loop::Job<Result<git::BroughtBase>> merge_into(git::Repository& git, const RunContext& context,
                                               WorktreePlace place, CommitId commit,
                                               std::string name);

}  // namespace orch::app
