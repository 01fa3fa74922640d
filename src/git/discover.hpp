#pragma once
// Finds the repository that a folder lies in: see the calls of git::Repository.
#include "git/context.hpp"
#include "git/values.hpp"

#include <filesystem>

namespace orch::git {

Job<RepositoryFacts> locate(loop::Loop& loop, loop::Children& children,
                            std::filesystem::path folder);
Job<RepositoryFacts> discover(loop::Loop& loop, loop::Children& children,
                              std::filesystem::path folder);

}  // namespace orch::git
