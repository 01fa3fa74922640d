#pragma once
// Compares a small folder with a tree by reading both, without a git of its own.
#include "git/context.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace orch::git {

/// The files of the folder, where it has all those of the tree, byte for byte and mode for mode,
/// and nothing else but a `.git` file at its top. None: they differ, or are too many or too large
/// to be read here, and git has to compare them. No link is followed.
Job<std::vector<std::string>> same_as_tree(GitContext& git, std::filesystem::path folder,
                                           std::string tree);

}  // namespace orch::git
