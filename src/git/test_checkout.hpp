#pragma once
// Keeps the worktree in which candidates are tested: see git::Repository::check_out_for_tests().
#include "git/context.hpp"
#include "git/values.hpp"

#include <string>

namespace orch::git {

Job<std::string> check_out_for_tests(GitContext& git, TestCheckoutRequest request);

}  // namespace orch::git
