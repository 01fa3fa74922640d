#pragma once
// What is said and asked before a worktree is taken away or put back.
#include "orch/base/result.hpp"

#include <filesystem>
#include <string_view>

namespace orch::git {

/// Fault::Refused: "<worktree> has <what> that would be lost".
Failure not_saved(const std::filesystem::path& worktree, std::string_view what);

/// Is it a folder itself, and no link to one?
bool is_real_folder(const std::filesystem::path& path);

}  // namespace orch::git
