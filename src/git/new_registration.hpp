#pragma once
// Registers a worktree by writing what `git worktree add --detach --no-checkout --lock` writes:
// that starts two processes, and reads the registrations of all other worktrees.
#include "git/context.hpp"
#include "git/registration.hpp"
#include "orch/base/result.hpp"
#include "orch/core/ids.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace orch::git {

/// `start` is a commit that is there, `path` free. Nothing: only git can make it, as where its name
/// is taken or odd, or where git would copy settings of the main worktree. What a kill leaves is
/// the same as of git: `locked` comes first, HEAD last.
Result<std::optional<Registration>> register_by_files(const GitContext& git,
                                                      const std::filesystem::path& path,
                                                      const CommitId& start,
                                                      const std::string& reason);

}  // namespace orch::git
