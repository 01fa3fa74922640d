#pragma once
// What is said and asked before a worktree is taken away or put back.
#include "git/context.hpp"
#include "git/registration.hpp"
#include "orch/base/result.hpp"
#include "orch/core/ids.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orch::git {

/// Fault::Refused: "<worktree> has <what> that would be lost".
Failure not_saved(const std::filesystem::path& worktree, std::string_view what);

/// Is it a folder itself, and no link to one?
bool is_real_folder(const std::filesystem::path& path);

/// Where a worktree and its task's branch are.
struct Tips {
  CommitId head;                   ///< of the worktree; empty: it has none
  std::optional<CommitId> branch;  ///< of the task's branch
};

Job<Tips> tips_of(GitContext& git, std::string branch, std::optional<Registration> registration);
/// Fault::Refused: not all of the tips are within `safe`. Says which commits these are, none of
/// them twice.
Job<std::vector<CommitId>> check_saved(GitContext& git, std::filesystem::path worktree, Tips tips,
                                       std::vector<CommitId> safe);

}  // namespace orch::git
