#pragma once
// `.worktreeinclude`: ignored files of a checkout that its worktrees get a copy of. Other programs
// that make worktrees read the same file.
#include "git/context.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace orch::git {

inline constexpr const char* kIncludeFile = ".worktreeinclude";

struct Included {
  std::vector<std::string> files;  ///< relative to the checkout, no links among them
  std::string note;                ///< why some, or all, are left out; empty: none is
};

/// The regular files of the checkout that a line of its `.worktreeinclude` matches, read as git
/// reads an ignore file, and that git ignores there. What is within `left_out` is none of them.
/// Without such a file there are none, and nothing is asked.
Job<Included> included_files(GitContext& git, std::filesystem::path checkout,
                             std::vector<std::string> left_out);

}  // namespace orch::git
