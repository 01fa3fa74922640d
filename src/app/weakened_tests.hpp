#pragma once
// What a task does to tests that whoever trusts its green result should know.
#include "loop/job.hpp"
#include "orch/core/ids.hpp"

#include <string>
#include <vector>

namespace orch::git {
class Repository;
}

namespace orch::app {

/// Test files of `changed` that are gone without being elsewhere, and those in which more is
/// skipped than before: "deletes a_test.c", "skips tests in b_test.py". Of very many the first
/// ones.
loop::Job<std::vector<std::string>> weakened_tests(git::Repository& git, CommitId before,
                                                   CommitId after,
                                                   std::vector<std::string> changed);

}  // namespace orch::app
