// Finds and reads the configuration files.
#include "config/layers.hpp"
#include "orch/base/files.hpp"

namespace orch {

namespace {

constexpr std::size_t kLargestConfig = 1u << 20;

std::string value_of(const Environment& environment, const std::string& name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string() : found->second;
}

}  // namespace

std::filesystem::path user_config_file(const Environment& environment) {
  std::filesystem::path folder = value_of(environment, "XDG_CONFIG_HOME");
  if (!folder.is_absolute()) {  // the XDG specification says to ignore a relative one
    const std::filesystem::path home = value_of(environment, "HOME");
    if (home.empty()) return {};
    folder = home / ".config";
  }
  return folder / "tmux-orch" / "config.toml";
}

std::vector<std::pair<std::filesystem::path, LayerOwner>> config_files(
    const std::filesystem::path& repository, const Environment& environment) {
  std::vector<std::pair<std::filesystem::path, LayerOwner>> files;
  const std::filesystem::path own = user_config_file(environment);
  if (!own.empty()) files.emplace_back(own, LayerOwner::User);
  files.emplace_back(repository / "tmux-orch.toml", LayerOwner::Repository);
  return files;
}

ConfigReading load_config(const std::filesystem::path& repository, const Environment& environment,
                          const std::vector<ConfigFlag>& flags) {
  std::vector<ConfigLayer> layers;
  std::vector<ConfigProblem> unreadable;
  for (const auto& [file, owner] : config_files(repository, environment)) {
    Result<std::string> text = read_file(file, kLargestConfig);
    if (text) {
      layers.push_back({file.string(), std::move(*text), owner});
    } else if (text.error().fault != Fault::NotFound) {
      unreadable.push_back(
          {file.string(), {Severity::Error, 0, 0, text.error().what, text.error().hint}});
    }
  }
  ConfigReading reading = parse_config(layers, environment, flags);
  reading.problems.insert(reading.problems.begin(), unreadable.begin(), unreadable.end());
  return reading;
}

}  // namespace orch
