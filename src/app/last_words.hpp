#pragma once
// What a program said before it ended.
#include <filesystem>
#include <string>

namespace orch::app {

/// The last rows of what the terminal of the attempt's agent showed, as one short line. Empty: it
/// printed nothing.
std::string last_words(const std::filesystem::path& attempt);

}  // namespace orch::app
