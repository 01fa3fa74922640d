#pragma once
// Filters that the attributes of a commit name: see git::Repository::filters_without_program().
#include "git/context.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace orch::git {

/// By name; of macros and patterns alike, each once.
std::vector<std::string> filters_named_in(std::string_view attributes);

/// Those in the attributes at the root of the commit for which the configuration has no command.
Job<std::vector<std::string>> filters_without_program(GitContext& git, CommitId commit);

}  // namespace orch::git
