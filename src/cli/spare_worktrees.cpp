// Lists them by git's own files, and removes them while no supervisor lives.
#include "cli/spare_worktrees.hpp"

#include "app/pool_place.hpp"
#include "app/supervisor_client.hpp"
#include "app/trash_place.hpp"
#include "cli/open_git.hpp"

namespace orch::cli {

std::vector<git::Registration> own_worktrees(const RunHandle& handle) {
  std::vector<git::Registration> ours;
  for (git::Registration& worktree : git::registrations(handle.facts.git_dir))
    if (worktree.is_ours()) ours.push_back(std::move(worktree));
  return ours;
}

Result<std::size_t> remove_spare_worktrees(const RunHandle& handle) {
  if (app::supervisor_alive(handle.paths))
    return hinted(fail(Fault::Busy, "a run is at work: it takes them for its tasks"),
                  "`tmux-orch down`, then once more");
  const Result<Config> config = config_of(handle);
  if (!config) return passed_on(config);
  const OpenedGit git = open_git(handle.facts);
  if (!git) return passed_on(git);
  git::PoolPlan pool;
  pool.folder = app::pool_folder(handle.paths.repository(), config->worktree);
  const fs::path trash = app::trash_folder(handle.paths.repository(), config->worktree);
  Result<std::size_t> gone = (*git)->wait((*git)->repository.shrink_pool(pool, trash));
  if (!gone) return gone;
  const Result<bool> deleted = (*git)->wait((*git)->repository.delete_gone(trash));
  if (!deleted) return passed_on(deleted);
  return gone;
}

}  // namespace orch::cli
