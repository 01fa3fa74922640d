#pragma once
// Commits and files of submodules, which are nowhere else: see git::Repository::keep_submodules().
#include "git/context.hpp"
#include "git/registration.hpp"
#include "git/trash.hpp"
#include "git/values.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace orch::git {

Job<std::vector<KeptSubmodule>> keep_submodules(GitContext& git, std::filesystem::path worktree,
                                                CommitId start, CommitId work, std::string ref);
/// Deletes from a worktree in the trash the checkouts of submodules of which all is safe elsewhere.
/// The repositories of the others come along, and work there.
Job<bool> sweep_submodules(GitContext& git, Registration registration, TrashEntry entry);

}  // namespace orch::git
