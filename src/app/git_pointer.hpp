#pragma once
// Small files of git's in which it is said where something is, read without a process. An agent may
// have written them.
#include <filesystem>
#include <string>
#include <string_view>

namespace orch::app {

/// What stands behind the words, in a small file; empty: there is no such.
std::string pointer_in(const std::filesystem::path& folder, const std::string& name,
                       std::string_view words);

/// The commit that the file names; empty: it names none.
std::string commit_in(const std::filesystem::path& folder, const std::string& name);

}  // namespace orch::app
