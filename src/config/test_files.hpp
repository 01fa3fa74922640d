#pragma once
// What is known of tests in any language without asking: which files they are, and which are
// skipped.
#include <string_view>

namespace orch {

/// By the usual names of folders and files of tests, in any language.
bool is_test_file(std::string_view path);

/// How often a test is skipped there, by the usual ways to write that.
int count_skips(std::string_view text);

}  // namespace orch
