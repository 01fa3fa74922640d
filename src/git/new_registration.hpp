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
/// can be told: `locked` comes first, HEAD when git knows all else, and then the folder.
Result<std::optional<Registration>> register_by_files(const GitContext& git,
                                                      const std::filesystem::path& path,
                                                      const CommitId& start,
                                                      const std::string& reason);

/// Writes the `.git` file of a worktree. Whenever that is killed, there is all of it or nothing,
/// and no other file, which the next look would take for an agent's.
Status write_pointer(const std::filesystem::path& folder, const std::filesystem::path& admin);

}  // namespace orch::git
