#pragma once
// Where the trash of a repository is, how large it may get, and how much of the disk is left.
#include "git/trash.hpp"
#include "orch/config/config.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace orch::app {

namespace fs = std::filesystem;

/// `.trash` in the folder of the worktrees: what their pattern begins with, up to the first part
/// that is another one for each task.
fs::path trash_folder(const fs::path& repository, const std::string& pattern);

/// Empty, or what to do about a trash that is larger than it may be: the largest are named.
std::string trash_warning(const fs::path& trash, const WorktreeRules& rules);

/// Fault::Full while less of the disk is free than agents are started with.
Status check_free_space(const fs::path& folder, const WorktreeRules& rules);

}  // namespace orch::app
