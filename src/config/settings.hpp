#pragma once
// The table of all settings: the reader and the documentation's key list both come from it.
#include "config/setting_reader.hpp"
#include "config/toml.hpp"
#include "orch/config/config.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace orch {

/// One row of the documentation.
struct SettingText {
  std::string path;          ///< "limits.stall", "agents.NAME.command"
  std::string_view type;     ///< in words
  std::string_view initial;  ///< the value when nothing is set, as TOML
  std::string_view meaning;
};

/// In the order in which the documentation lists them.
std::vector<SettingText> setting_texts();

/// The paths of everything that can be set, the agents in `config` each with its own.
std::vector<std::string> setting_paths(const Config& config);

/// Stores what `table` sets; everything it gets wrong goes to `findings`.
void read_settings(const TomlValue::Table& table, Config& config, Findings& findings);

}  // namespace orch
