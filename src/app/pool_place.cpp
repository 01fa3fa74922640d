// Counts the tasks that will want a worktree.
#include "app/pool_place.hpp"

#include "app/trash_place.hpp"

#include <algorithm>

namespace orch::app {

static constexpr int kMoreThanAtWork = 2;

fs::path pool_folder(const fs::path& repository, const std::string& pattern) {
  return trash_folder(repository, pattern).parent_path() / ".pool";
}

bool has_pool(const Config& config) {
  return config.worktrees.pool != 0 && config.worktrees.sparse.empty();
}

git::PoolPlan pool_for(const RunContext& context, const State& state) {
  git::PoolPlan plan = pool_at_rest(context);
  if (!has_pool(context.config)) return {};
  plan.tip = state.run.integration;
  if (context.config.worktrees.pool > 0) return plan;
  // One for each that is to be begun, as far as they can be under way at the same time; while some
  // land and are put away, others work.
  const auto waiting = std::ranges::count_if(state.tasks, [](const TaskRecord& task) {
    return task.state == TaskState::Waiting && task.counts() && task.attempts == 0;
  });
  const std::int64_t most =
      std::min<std::int64_t>(waiting, state.run.rules.workers + kMoreThanAtWork);
  plan.most = static_cast<std::size_t>(most);
  return plan;
}

git::PoolPlan pool_at_rest(const RunContext& context) {
  git::PoolPlan plan;
  plan.folder = pool_folder(context.paths.repository(), context.config.worktree);
  plan.keep = context.config.worktrees.keep;
  const int most = has_pool(context.config) ? context.config.worktrees.pool : 0;
  plan.most = static_cast<std::size_t>(std::max(0, most));
  return plan;
}

}  // namespace orch::app
