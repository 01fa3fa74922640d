// Files of one run: each is written whole, and read again by the supervisor and by the next `up`.
#include "app/run_files.hpp"

#include "orch/base/files.hpp"
#include "orch/base/record.hpp"

namespace orch::app {

std::string encode_config(const SavedConfig& config) {
  Record record;
  for (const ConfigLayer& layer : config.layers) {
    record.add("layer", layer.name);
    record.add("text", layer.text);
    record.add("owner", to_text(layer.owner));
  }
  for (const auto& [name, value] : config.environment) {
    record.add("variable", name);
    record.add("value", value);
  }
  for (const ConfigFlag& flag : config.flags) {
    record.add("flag", flag.name);
    record.add("key", flag.key);
    record.add("setting", flag.text);
  }
  return record.encode();
}

Status save_config(const fs::path& file, const SavedConfig& config) {
  return write_file(file, encode_config(config), 0600);
}

Result<SavedConfig> load_saved_config(const fs::path& file) {
  const Result<std::string> text = read_file(file);
  if (!text) return passed_on(text);
  const Result<Record> record = Record::decode(*text);
  if (!record) return because(record, file.string());
  SavedConfig config;
  const auto layers = record->all("layer");
  const auto texts = record->all("text");
  const auto owners = record->all("owner");
  for (std::size_t i = 0; i < layers.size() && i < texts.size(); ++i) {
    // Without one it was written by a version that did not tell them apart.
    const auto owner = i < owners.size() ? from_text<LayerOwner>(owners[i]) : std::nullopt;
    config.layers.push_back({layers[i], texts[i], owner.value_or(LayerOwner::User)});
  }
  const auto names = record->all("variable");
  const auto values = record->all("value");
  for (std::size_t i = 0; i < names.size() && i < values.size(); ++i) {
    config.environment[names[i]] = values[i];
  }
  const auto flags = record->all("flag");
  const auto keys = record->all("key");
  const auto settings = record->all("setting");
  for (std::size_t i = 0; i < flags.size() && i < keys.size() && i < settings.size(); ++i) {
    config.flags.push_back({flags[i], keys[i], settings[i]});
  }
  return config;
}

std::optional<LastRead> load_last_read(const RunPaths& files) {
  const Result<std::string> text = read_file(files.last_read(), std::size_t{256} << 20);
  if (!text) return {};
  Result<LastRead> last = LastRead::decode(*text);
  if (!last) return {};
  return *std::move(last);
}

Status save_last_read(const RunPaths& files, const LastRead& last) {
  return write_file(files.last_read(), last.encode(), 0600);
}

Status save_environment(const fs::path& file, const std::vector<std::string>& environment) {
  Record record;
  for (const std::string& variable : environment)
    record.add("env", variable);
  return write_file(file, record.encode(), 0600);
}

Result<std::vector<std::string>> load_environment(const fs::path& file) {
  const Result<std::string> text = read_file(file);
  if (!text) return passed_on(text);
  const Result<Record> record = Record::decode(*text);
  if (!record) return because(record, file.string());
  return record->all("env");
}

}  // namespace orch::app
