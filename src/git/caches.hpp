#pragma once
// Which ignored folders hold nothing but what can be made again: these are deleted, not kept.
#include "git/below.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace orch::git {

/// What the user declares: a pattern with a slash in it is a path from the top of the worktree, any
/// other one a name at any depth; `*` and `?` as in a shell, never across a slash.
using CachePatterns = std::vector<std::string>;

bool is_declared_cache(std::string_view path, const CachePatterns& patterns);

/// Is the folder at `path` known as a cache by its name, or by a file that the tool it belongs to
/// puts into it? docs/configuration.md lists both. Of use for ignored folders alone: a project may
/// have files of its own in a folder of such a name.
bool is_known_cache(Below& worktree, std::string_view path);

}  // namespace orch::git
