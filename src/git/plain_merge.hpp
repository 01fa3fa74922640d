#pragma once
// Merges without a process what two sides have changed in different files.
#include "git/context.hpp"

#include <string>

namespace orch::git {

/// The tree of three trees or commits where each side has only added or changed files, and none
/// that the other one has: as git merges it, whatever its settings. Empty: that is for git to do.
Job<std::string> plain_merge(GitContext& git, std::string base, std::string onto,
                             std::string branch);

}  // namespace orch::git
