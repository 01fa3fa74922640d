#pragma once
// Finds the repository of a folder without asking git, where it lies as nearly all do: a main
// worktree with its git folder in it, or a linked worktree of such a one.
#include "git/values.hpp"

#include <filesystem>
#include <optional>

namespace orch::git {

/// `folder` is canonical. What git would say of git_dir, bare, checkout, in_linked_worktree and
/// main. Nothing: only git knows, or it would refuse.
std::optional<RepositoryFacts> facts_by_files(const std::filesystem::path& folder);

}  // namespace orch::git
