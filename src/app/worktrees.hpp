#pragma once
// Effects on worktrees: make and set up, look at what was left, save, take away.
#include "app/run_context.hpp"
#include "git/included.hpp"
#include "loop/job.hpp"
#include "orch/base/result.hpp"
#include "orch/core/effect.hpp"
#include "orch/core/event.hpp"
#include "orch/core/state.hpp"

#include <string>

namespace orch::loop {
class Children;
class Loop;
}  // namespace orch::loop

namespace orch::git {
class Repository;
}

namespace orch::app {

class Agents;
class PoolKeeper;

class Worktrees {
 public:
  Worktrees(loop::Loop& loop, loop::Children& children, git::Repository& git, const State& state,
            const RunContext& context, Agents& agents, PoolKeeper& pool);

  loop::Job<CreateWorktree::Ends> create(const CreateWorktree& effect);
  loop::Job<CollectWork::Ends> collect(const CollectWork& effect);
  loop::Job<RescueWork::Ends> rescue(const RescueWork& effect);
  loop::Job<TakeIn::Ends> take_in(const TakeIn& effect);
  loop::Job<ReturnWork::Ends> give_back(const ReturnWork& effect);
  loop::Job<CleanUp::Ends> clean_up(const CleanUp& effect);
  /// When the run is over: worktrees that are kept for further tasks go, but for those that the
  /// configuration asks for. What cannot be removed stays for the next run.
  loop::Job<bool> shrink_pool();

 private:
  bool is_stopping() const;
  loop::Job<Status> run_set_up(fs::path worktree);
  loop::Job<Result<git::Included>> included_here();
  loop::Job<Result<std::string>> set_up(fs::path worktree, bool fresh);

  loop::Loop& loop_;
  loop::Children& children_;
  git::Repository& git_;
  const State& state_;
  const RunContext& context_;
  Agents& agents_;
  PoolKeeper& pool_;
  bool told_of_made_ = false;      ///< that what a set-up made cannot be kept
  bool told_of_programs_ = false;  ///< that git's configuration names more of them by now
};

}  // namespace orch::app
