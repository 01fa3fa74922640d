#pragma once
// Refs that runs leave: see the calls of git::Repository.
#include "git/context.hpp"
#include "git/values.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace orch::git {

Job<std::vector<OwnRef>> own_refs(GitContext& git, std::vector<std::string> patterns,
                                  CommitId base);
Job<std::size_t> drop_refs(GitContext& git, std::vector<OwnRef> refs);

}  // namespace orch::git
