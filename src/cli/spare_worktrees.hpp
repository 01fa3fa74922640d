#pragma once
// The worktrees of ours in a repository, and the end of those that are kept for further tasks.
#include "cli/run_handle.hpp"
#include "git/registration.hpp"
#include "orch/base/result.hpp"

#include <cstddef>
#include <vector>

namespace orch::cli {

std::vector<git::Registration> own_worktrees(const RunHandle& handle);

/// How many there were. Fault::Busy: a run is at work, and takes them for its tasks.
Result<std::size_t> remove_spare_worktrees(const RunHandle& handle);

}  // namespace orch::cli
