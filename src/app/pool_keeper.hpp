#pragma once
// Has worktrees ready for the tasks that begin next, while nothing of ours has to be done for those
// that are under way. A start then finds a slot at the tip of the integration branch.
#include "app/run_context.hpp"
#include "git/values.hpp"
#include "loop/job.hpp"
#include "loop/loop.hpp"
#include "orch/core/state.hpp"

#include <deque>
#include <functional>

namespace orch::git {
class Repository;
}

namespace orch::app {

class PoolKeeper {
 public:
  PoolKeeper(loop::Loop& loop, git::Repository& git, const State& state, const RunContext& context);

  /// Something was decided: there may be a slot to prepare when that is done, or one that a start
  /// waits for.
  void decided();
  /// Once a second: nothing waits for ever.
  void heartbeat();
  /// Waits where slots are about to be parked, so that landings do not lag behind starts ever more:
  /// while several tasks are on their way to land in a large repository, where another worktree
  /// takes longer than that, or many more than there are workers. Some seconds at most.
  loop::Job<bool> slot_to_come();

 private:
  void look();
  void wake_one();
  bool is_one_coming() const;

  loop::Loop& loop_;
  git::Repository& git_;
  const State& state_;
  const RunContext& context_;
  loop::Timer soon_;
  bool armed_ = false;
  bool at_work_ = false;
  std::deque<std::function<void(bool)>> waiting_;  ///< starts
  CommitId failed_at_;                             ///< no slot could be prepared at that tip
};

}  // namespace orch::app
