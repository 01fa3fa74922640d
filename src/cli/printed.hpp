#pragma once
// What the agent of an attempt has printed, from the log that its shim writes: as text, whatever
// program it was.
#include <filesystem>
#include <string>
#include <string_view>

namespace orch::cli {

/// The bytes as they were printed, the oldest first; only some of them where there are very many.
std::string whole_log(const std::filesystem::path& attempt);

/// An agent's text for a terminal: escape sequences become visible, lines stay lines. Only the last
/// lines; 0: all.
std::string shown(std::string_view text, int last_lines);

/// What the terminal of a program that printed this has shown: the lines above the last screen, and
/// that, or only that.
std::string rendered(std::string_view log, bool only_screen);

/// The last lines of what the agent shows, or showed before it ended.
std::string last_lines(const std::filesystem::path& attempt, int lines);

}  // namespace orch::cli
