#pragma once
// What stands above the tasks of a Markdown file: what the user has to say about all of them.
#include <filesystem>
#include <string>
#include <string_view>

namespace orch::tasks {

/// The text before the line of the first task (from 1), without front matter, comments and the
/// headings that only lead to the tasks. Of a long text the beginning.
std::string introduction_in(std::string_view text, int first_task);

/// Of a file. Empty: it is no Markdown file, has no such text, or cannot be read.
std::string introduction_of(const std::filesystem::path& file, int first_task);

}  // namespace orch::tasks
