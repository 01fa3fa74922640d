#pragma once
// What a run keeps in files of its folder: the configuration and the environment that it was
// started with, and what was read of its task file last.
#include "app/paths.hpp"
#include "app/task_news.hpp"
#include "config/layers.hpp"
#include "orch/base/result.hpp"

#include <optional>
#include <string>
#include <vector>

namespace orch::app {

/// The layers a configuration was read from: kept, so that the supervisor of a run reads the same.
struct SavedConfig {
  std::vector<ConfigLayer> layers;
  Environment environment;  ///< its TMUX_ORCH_* part
  std::vector<ConfigFlag> flags;

  ConfigReading read() const { return parse_config(layers, environment, flags); }
};

std::string encode_config(const SavedConfig& config);
Status save_config(const fs::path& file, const SavedConfig& config);
Result<SavedConfig> load_saved_config(const fs::path& file);

Status save_environment(const fs::path& file, const std::vector<std::string>& environment);
Result<std::vector<std::string>> load_environment(const fs::path& file);

Status save_last_read(const RunPaths& files, const LastRead& last);
/// What was read of the task file last; nothing: that is not known.
std::optional<LastRead> load_last_read(const RunPaths& files);

}  // namespace orch::app
