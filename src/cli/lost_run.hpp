#pragma once
// A run whose records were removed while no supervisor lived: its agents and worktrees are all that
// is left of it.
#include "app/paths.hpp"
#include "git/values.hpp"
#include "orch/base/result.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace orch::cli {

struct LostRun {
  std::size_t agents = 0;            ///< that were ended
  std::vector<std::string> rescues;  ///< refs that keep what was in the worktrees

  bool found() const { return agents > 0 || !rescues.empty(); }

  /// `2 agents were ended, their work is kept as refs/..., refs/...`
  std::string text() const;
};

/// Ends the agents of runs here that the database does not know, saves what is in the worktrees of
/// those runs, and takes these away, so that a new run finds room. To be called while no supervisor
/// lives. An Error: something could not be saved, and is where it was.
Result<LostRun> clear_lost_run(const git::RepositoryFacts& facts, const app::Paths& paths);

}  // namespace orch::cli
