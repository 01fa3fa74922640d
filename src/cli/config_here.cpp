// The configuration as it counts where a verb was called.
#include "cli/config_here.hpp"

#include "cli/output.hpp"
#include "cli/run_handle.hpp"

#include <unistd.h>

#include <filesystem>
#include <string_view>

namespace orch::cli {

Environment own_environment() {
  Environment variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

std::optional<Config> config_here() {
  std::error_code ec;
  std::filesystem::path folder = std::filesystem::current_path(ec);
  if (const Result<git::RepositoryFacts> facts = discover_here()) folder = facts->checkout;
  Environment environment = own_environment();
  environment.erase("TMUX_ORCH_TOKEN");  // told to agents; no setting
  ConfigReading reading = load_config(folder, environment, {});
  for (const ConfigProblem& problem : reading.problems)
    warn(to_text(problem));
  if (reading.has_errors()) return std::nullopt;
  return std::move(reading.config);
}

}  // namespace orch::cli
