#pragma once
// Reads one table of TOML into its owner by a table of settings, and says which keys are unknown.
#include "config/setting_reader.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orch {

/// Whose layers may set something. What `Narrowing` marks looks itself at what it is given.
enum class SetBy : std::uint8_t { Anyone, Narrowing, User };

/// One setting of an Owner: its path in the owner, its row in the documentation, its reader.
template <class Owner>
struct Setting {
  std::string_view path;
  std::string_view type;     ///< in words
  std::string_view initial;  ///< as TOML
  std::string_view meaning;
  void (*read)(const SettingReader& reader, Owner& owner);
  SetBy set_by = SetBy::Anyone;
};

template <class Owner>
const Setting<Owner>* find_setting(std::span<const Setting<Owner>> settings,
                                   std::string_view path) {
  const auto found = std::ranges::find(settings, path, &Setting<Owner>::path);
  return found == settings.end() ? nullptr : &*found;
}

/// Is `path` a table that settings lie in?
template <class Owner>
bool is_section(std::span<const Setting<Owner>> settings, std::string_view path) {
  return std::ranges::any_of(settings, [path](const Setting<Owner>& setting) {
    return setting.path.starts_with(path) && setting.path.substr(path.size()).starts_with('.');
  });
}

inline std::string_view last_part(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

/// The same key in another table is meant before a similar one in this table: in TOML it is easily
/// written below the wrong header.
template <class Owner>
std::string hint_for_unknown(std::span<const Setting<Owner>> settings, std::string_view prefix,
                             std::string_view section, std::string_view key) {
  std::vector<std::string> here;
  for (const Setting<Owner>& setting : settings) {
    if (last_part(setting.path) == key) {
      return fmt::format("did you mean '{}{}'?", prefix, setting.path);
    }
    if (!setting.path.starts_with(section)) continue;
    const std::string_view below = setting.path.substr(section.size());
    here.emplace_back(below.substr(0, below.find('.')));
  }
  here.erase(std::unique(here.begin(), here.end()), here.end());
  const std::string near = nearest(key, here);
  if (!near.empty()) return fmt::format("did you mean '{}{}{}'?", prefix, section, near);
  return "known here: " + join(here, ", ");
}

/// One table of TOML into its owner. `prefix` precedes the owner's own paths.
template <class Owner>
class TableReader {
 public:
  TableReader(std::span<const Setting<Owner>> settings, std::string prefix, Owner& owner,
              Findings& findings, bool only_narrows = false)
      : settings_(settings),
        prefix_(std::move(prefix)),
        owner_(owner),
        findings_(findings),
        only_narrows_(only_narrows) {}

  void read(const TomlValue::Table& table, const std::string& section = {}) {
    for (const TomlEntry& entry : table) {
      read(entry, section);
    }
  }

 private:
  void read(const TomlEntry& entry, const std::string& section) {
    const std::string path = section + entry.key;
    const SettingReader reader(prefix_ + path, entry.value, findings_, only_narrows_);
    const Origin origin{findings_.source, entry.place};
    if (const Setting<Owner>* setting = find_setting(settings_, path); setting != nullptr) {
      if (only_narrows_ && setting->set_by == SetBy::User) return reader.not_yours();
      findings_.origins[reader.path()] = origin;
      setting->read(reader, owner_);
    } else if (is_section(settings_, path)) {
      const auto* table = std::get_if<TomlValue::Table>(&entry.value.content);
      if (table == nullptr) return reader.wrong_kind("a table");
      read(*table, path + ".");
    } else {
      findings_.add(origin, fmt::format("unknown key '{}'", one_line(reader.path(), 60)),
                    hint_for_unknown(settings_, prefix_, section, entry.key));
    }
  }

  std::span<const Setting<Owner>> settings_;
  std::string prefix_;
  Owner& owner_;
  Findings& findings_;
  bool only_narrows_;
};

}  // namespace orch
