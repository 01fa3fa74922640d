#pragma once
// Where the work of an attempt is when its agent is done: nearly always what its worktree has
// checked out, but agents make branches of their own, and people delete branches and folders.
#include "git/values.hpp"
#include "loop/job.hpp"
#include "orch/base/result.hpp"
#include "orch/core/effect.hpp"
#include "orch/core/state.hpp"

#include <optional>
#include <string>

namespace orch::git {
class Repository;
}

namespace orch::app {

struct FoundWork {
  CommitId head;  ///< what is committed
  git::Changes changes;
  std::optional<git::SeenFiles> files;  ///< all that there is, where there is a worktree
  bool in_worktree = true;              ///< false: the worktree is gone, only the branch is left
  /// What was committed cannot be read any more: the files are all that there is of the work.
  bool files_are_all = false;
  std::string note;  ///< what was out of the ordinary; empty: nothing
};

/// Fault::Refused, NotFound or Corrupt with a command that leads on, where it is not sure what the
/// work is. `rescue_ref` is for what has to be saved meanwhile.
loop::Job<Result<FoundWork>> find_work(git::Repository& git, const State& state, CollectWork effect,
                                       std::string rescue_ref);

}  // namespace orch::app
