// Is a program there?
#include "cli/installed.hpp"

#include "agents/profiles.hpp"
#include "orch/base/text.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string_view>

namespace orch::cli {

namespace fs = std::filesystem;

bool is_installed(const std::string& program) {
  return !installed_path(program).empty();
}

std::string installed_path(const std::string& program) {
  if (program.empty()) return {};
  if (program.find('/') != std::string::npos)
    return ::access(program.c_str(), X_OK) == 0 ? program : std::string();
  const char* path = std::getenv("PATH");
  for (const std::string_view folder : split(path == nullptr ? "" : path, ':')) {
    const fs::path file = fs::path(folder.empty() ? "." : folder) / program;
    if (::access(file.c_str(), X_OK) == 0) return file.string();
  }
  return {};
}

Status check_kind(const RunHandle& handle, const std::string& kind) {
  const Result<Config> config = config_of(handle);
  if (!config) return passed_on(config);
  const Result<std::string> chosen = choose_agent(*config, kind, is_installed);
  return chosen ? Status() : passed_on(chosen);
}

}  // namespace orch::cli
