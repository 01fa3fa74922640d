#pragma once
// What a repository makes agents run: the files in it that their programs obey.
#include <filesystem>
#include <string>
#include <vector>

namespace orch::app {

/// Those that are in the checkout, each with what there is in it: ".claude/settings.json (hooks)".
std::vector<std::string> obeyed_files(const std::filesystem::path& checkout);

}  // namespace orch::app
