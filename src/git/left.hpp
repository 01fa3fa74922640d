#pragma once
// What lies in a worktree and is no part of any commit: see the calls of git::Repository.
#include "git/caches.hpp"
#include "git/context.hpp"
#include "git/trash.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace orch::git {

Job<Leftovers> left_in(GitContext& git, std::filesystem::path worktree, CachePatterns caches,
                       std::vector<std::string> ignored, std::vector<std::string> folders);
Job<bool> note_set_up(GitContext& git, std::filesystem::path worktree,
                      std::vector<std::string> links);

}  // namespace orch::git
