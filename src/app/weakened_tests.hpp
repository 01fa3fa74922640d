#pragma once
// What a task does to tests that whoever trusts its green result should know.
#include "loop/job.hpp"
#include "orch/core/ids.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace orch::git {
class Repository;
}

namespace orch::app {

/// By the usual names of folders and files of tests, in any language.
bool is_test_file(std::string_view path);

/// How often a test is skipped there, by the usual ways to write that.
int count_skips(std::string_view text);

/// Test files of `changed` that are gone without being elsewhere, and those in which more is
/// skipped than before: "deletes a_test.c", "skips tests in b_test.py". Of very many the first
/// ones.
loop::Job<std::vector<std::string>> weakened_tests(git::Repository& git, CommitId before,
                                                   CommitId after,
                                                   std::vector<std::string> changed);

}  // namespace orch::app
