#pragma once
// Commits and files of submodules, which are nowhere else: see git::Repository::keep_submodules().
#include "git/context.hpp"
#include "git/registration.hpp"
#include "git/trash.hpp"
#include "git/values.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace orch::git {

inline constexpr std::string_view kSubmoduleMode = "160000";

/// The repository that is checked out in `folder`, whose place was `at` when that was written down;
/// empty: none is.
std::filesystem::path submodule_repository(const std::filesystem::path& folder,
                                           const std::filesystem::path& at);
/// Is no folder on the way from one to the other, nor the last one, a link? True for what is not
/// there.
bool is_reached_without_links(const std::filesystem::path& folder,
                              const std::filesystem::path& below);
/// Can it be a part of a path?
bool is_plain_submodule_name(const std::string& name);
/// Of the submodule at `path`, in the output of `config -z --get-regexp` for all paths.
std::string submodule_name(std::string_view listed, const std::string& path);

Job<std::vector<KeptSubmodule>> keep_submodules(GitContext& git, std::filesystem::path worktree,
                                                CommitId start, CommitId work, std::string ref);
/// Deletes from a worktree in the trash the checkouts of submodules of which all is safe elsewhere.
/// The repositories of the others come along, and work there.
Job<bool> sweep_submodules(GitContext& git, Registration registration, TrashEntry entry);

}  // namespace orch::git
