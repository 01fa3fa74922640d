#pragma once
// `worktree_setup.fingerprint`: commands of a set-up that need not run where the worktree comes
// from the pool and has already what they would make.
#include "app/run_context.hpp"
#include "loop/job.hpp"
#include "orch/base/result.hpp"

#include <string>
#include <vector>

namespace orch::git {
class Repository;
}

namespace orch::app {

struct MadeBefore {
  bool is_there = false;  ///< all that the commands would make
  std::string print;      ///< of what they make it from; empty: they run for each task
  std::vector<std::string> notes;
};

/// `included`: files that are brought besides those that the configuration names. What there is of
/// an earlier set-up that is not as a new one would make it is thrown away. For a
/// worktree in which no agent has worked since.
loop::Job<Result<MadeBefore>> made_before(git::Repository& git, const RunContext& context,
                                          fs::path worktree,
                                          const std::vector<std::string>& included);

/// To be called before the commands run: what they change of copies is found out then.
loop::Job<Status> begin_making(git::Repository& git, const RunContext& context, fs::path worktree,
                               const std::vector<std::string>& included);

/// After they have run: what they made stays in the worktree for the next task. The answer is what
/// the user has to know if it cannot.
loop::Job<Result<std::string>> keep_made(git::Repository& git, const RunContext& context,
                                         fs::path worktree, std::string print,
                                         const std::vector<std::string>& included);

}  // namespace orch::app
