#pragma once
// Has worktrees ready for the tasks that begin next, while nothing of ours has to be done for those
// that are under way. A start then finds a slot at the tip of the integration branch.
#include "app/run_context.hpp"
#include "git/values.hpp"
#include "loop/loop.hpp"
#include "orch/core/state.hpp"

namespace orch::git {
class Repository;
}

namespace orch::app {

class PoolKeeper {
 public:
  PoolKeeper(loop::Loop& loop, git::Repository& git, const State& state, const RunContext& context);

  /// Something was decided: there may be a slot to prepare when that is done.
  void decided();

 private:
  void look();

  git::Repository& git_;
  const State& state_;
  const RunContext& context_;
  loop::Timer soon_;
  bool armed_ = false;
  bool at_work_ = false;
  CommitId failed_at_;  ///< no slot could be prepared at that tip
};

}  // namespace orch::app
