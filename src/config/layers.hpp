#pragma once
// The configuration in layers: built-in agents, files, environment, flags; every mistake found.
#include "orch/base/enum_names.hpp"
#include "orch/config/config.hpp"
#include "orch/core/task.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orch {

/// Begins the environment variables that are ours: settings, and what agents and tests are told.
inline constexpr std::string_view kVariablePrefix = "TMUX_ORCH_";

/// Whose words a file is. A repository's come with a clone, and an agent's work can change them:
/// what an agent may do is the user's to widen, and a repository's file can only narrow it.
enum class LayerOwner : std::uint8_t { User, Repository };

template <>
struct EnumNames<LayerOwner> {
  static constexpr std::pair<LayerOwner, std::string_view> kTable[] = {
      {LayerOwner::User, "user"}, {LayerOwner::Repository, "repository"}};
};

/// One configuration file: what messages call it, and what it says.
struct ConfigLayer {
  std::string name;
  std::string text;
  LayerOwner owner = LayerOwner::User;
};

/// A setting given as text, by a flag. A list may be written as in TOML or as words.
struct ConfigFlag {
  std::string name;  ///< what messages call it: "--workers"
  std::string key;   ///< "workers", "agents.claude.max_parallel"
  std::string text;
};

using Environment = std::map<std::string, std::string>;

/// A mistake and whose it is: a file, an environment variable or a flag.
struct ConfigProblem {
  std::string source;
  Problem problem;

  bool operator==(const ConfigProblem&) const = default;
};

/// `tmux-orch.toml:3:1: unknown key 'worker'`, and the hint, indented, on a line of its own.
std::string to_text(const ConfigProblem& problem);

/// What could be read, and everything that is wrong; nothing may start while there are errors.
struct ConfigReading {
  Config config;
  std::vector<ConfigProblem> problems;           ///< in the order of layers, then of lines
  std::map<std::string, ConfigProblem> written;  ///< by setting: where it was last, with no message

  bool has_errors() const;
  /// What only the repository can show to be wrong with a setting.
  ConfigProblem problem_with(const std::string& setting, std::string message,
                             std::string hint) const;
};

/// Reads the layers over the built-in agents, later ones over earlier ones, then `TMUX_ORCH_*` of
/// the environment, then the flags. Pure. A repository's layer that would widen what an agent may
/// do is a mistake; what it wants to allow and nobody below allows is left out, with a warning.
ConfigReading parse_config(const std::vector<ConfigLayer>& layers, const Environment& environment,
                           const std::vector<ConfigFlag>& flags);

/// The user's own file: `$XDG_CONFIG_HOME/tmux-orch/config.toml`, or below `$HOME/.config`; empty
/// when neither variable is set.
/// Does a variable of that name set something? TMUX_ORCH_ATTEMPT and the like are told to agents.
bool sets_something(std::string_view variable);

std::filesystem::path user_config_file(const Environment& environment);

/// The files that are layers, lowest first: the user's own, and `tmux-orch.toml` in `repository`.
std::vector<std::pair<std::filesystem::path, LayerOwner>> config_files(
    const std::filesystem::path& repository, const Environment& environment);

/// parse_config() of the user's own file and of `tmux-orch.toml` in `repository`. A file that
/// is missing is no mistake; one that cannot be read is.
ConfigReading load_config(const std::filesystem::path& repository, const Environment& environment,
                          const std::vector<ConfigFlag>& flags);

}  // namespace orch
