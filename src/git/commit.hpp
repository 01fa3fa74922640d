#pragma once
// Commits what is in a worktree: see git::Repository::commit_all().
#include "git/context.hpp"
#include "git/values.hpp"

#include <filesystem>
#include <string>

namespace orch::git {

Job<CommitId> commit_all(GitContext& git, std::filesystem::path worktree, std::string message,
                         Identity identity, bool is_signed);

}  // namespace orch::git
