// The settings of one piece of evidence, and the list of them.
#include "config/preflight_settings.hpp"

#include "config/table_list.hpp"

#include <array>
#include <utility>

namespace orch {

namespace {

constexpr std::size_t kMostEvidence = 50;

constexpr auto kEvidenceSettings = std::to_array<Setting<Evidence>>({
    {"env", "text", "\"\"", "A variable of its environment that is set.",
     [](const SettingReader& in, Evidence& to) { in.text(to.env); }},
    {"folder_env", "text", "\"\"", "The variable that names the folder of `file`, where it is set.",
     [](const SettingReader& in, Evidence& to) { in.text(to.folder_env); }},
    {"folder", "text", "\"~\"",
     "The folder of `file` otherwise. `~` is your home, `{root}` the repository.",
     [](const SettingReader& in, Evidence& to) { in.text(to.folder); }},
    {"file", "text", "\"\"", "A file that is there. Read where `key` is given: JSON or TOML.",
     [](const SettingReader& in, Evidence& to) { in.text(to.file); }},
    {"key", "list of texts", "[]",
     "The way to a value in the file, from table to table. `{root}` is the repository's root.",
     [](const SettingReader& in, Evidence& to) { in.texts(to.key); }},
    {"is", "list of texts", "[]",
     "What the value may be. Empty: anything but `false`, `null`, 0 and an empty one.",
     [](const SettingReader& in, Evidence& to) { in.texts(to.is); }},
    {"above", "true or false", "false", "`{root}` may be a folder above the repository as well.",
     [](const SettingReader& in, Evidence& to) { in.flag(to.above); }},
    {"unsure", "true or false", "false", "Where this is found, nothing can be told.",
     [](const SettingReader& in, Evidence& to) { in.flag(to.unsure); }},
});

}  // namespace

std::span<const Setting<Evidence>> evidence_settings() {
  return kEvidenceSettings;
}

void read_evidence(const SettingReader& reader, std::vector<Evidence>& target) {
  const auto check = [](const Evidence& one, const SettingReader& item, const TomlValue::Table&) {
    if (one.env.empty() == one.file.empty())
      item.wrong(fmt::format("an entry of '{}' has either 'env' or 'file'", item.path()));
  };
  const TableList<Evidence> shape{kEvidenceSettings, kMostEvidence, {}};
  auto found = read_table_list(reader, shape, check);
  if (found) target = std::move(*found);
}

}  // namespace orch
