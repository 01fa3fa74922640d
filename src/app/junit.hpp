#pragma once
// The names of failed tests, as test programs write them down in JUnit's XML.
#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace orch::app {

/// "class.name" of each test that failed or had an error, in their order, one line each; none:
/// there are none, or it is no such XML. Of many only the first.
std::vector<std::string> failed_tests(std::string_view xml);

/// Of a file, or of all files of a folder whose names end in `.xml`, that were written since.
/// Blocks.
std::vector<std::string> failed_tests_in(const std::filesystem::path& place,
                                         std::filesystem::file_time_type since);

/// "a, b and 3 more failed"
std::string failed_text(const std::vector<std::string>& tests);

}  // namespace orch::app
