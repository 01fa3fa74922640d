// The settings of one rule for an agent's screen, and the list of them.
#include "config/screen_settings.hpp"

#include "config/pattern.hpp"
#include "config/table_list.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace orch {

namespace {

constexpr std::size_t kMostScreenRules = 200;

void read_screen_name(const SettingReader& reader, std::string& target) {
  const std::optional<std::string> name = reader.any_text();
  if (!name) return;
  if (name->empty() || *name != one_line(*name, 60)) {
    return reader.wrong(fmt::format("'{}' must be a short name", reader.path()));
  }
  target = *name;
}

void read_state(const SettingReader& reader, ScreenState& target) {
  ScreenState state = ScreenState::Unknown;
  const std::size_t before = reader.findings().problems.size();
  reader.choice(state);
  if (reader.findings().problems.size() != before) return;
  if (state == ScreenState::Exited || state == ScreenState::Unknown) {
    return reader.wrong(fmt::format("'{}' cannot be \"{}\"", reader.path(), to_text(state)),
                        "exited is a pane that is dead, unknown is a screen that no rule fits");
  }
  target = state;
}

void read_region(const SettingReader& reader, std::optional<ScreenRegion>& target) {
  const auto* text = std::get_if<std::string>(&reader.value().content);
  if (text != nullptr && text->empty()) {
    target.reset();
    return;
  }
  ScreenRegion region = target.value_or(ScreenRegion::Screen);
  const std::size_t before = reader.findings().problems.size();
  reader.choice(region);
  if (reader.findings().problems.size() == before) target = region;
}

constexpr auto kScreenSettings = std::to_array<Setting<ScreenRule>>({
    {"name", "text", "required", "What `explain` calls the rule.",
     [](const SettingReader& in, ScreenRule& to) { read_screen_name(in, to.name); }},
    {"state", "`trust`, `dialog`, `permission`, `question`, `retrying`, `busy`, `error` or `idle`",
     "required", "What the screen shows when the rule fits.",
     [](const SettingReader& in, ScreenRule& to) { read_state(in, to.state); }},
    {"pattern", "pattern", "required", "A row of the region has to match it.",
     [](const SettingReader& in, ScreenRule& to) { read_pattern(in, to.pattern); }},
    {"region", "`title`, `last`, `foot`, `low` or `screen`", "\"screen\"",
     "The pane's title, the last 3, 5 or 14 rows that are not empty, or all rows.",
     [](const SettingReader& in, ScreenRule& to) { in.choice(to.region); }},
    {"also", "pattern", "\"\"", "A row has to match this one as well. Empty: none.",
     [](const SettingReader& in, ScreenRule& to) { read_pattern(in, to.also); }},
    {"also_region", "as `region`", "\"\"", "Where `also` is looked for. Empty: in `region`.",
     [](const SettingReader& in, ScreenRule& to) { read_region(in, to.also_region); }},
    {"unless", "pattern", "\"\"", "No row may match this one. Empty: none.",
     [](const SettingReader& in, ScreenRule& to) { read_pattern(in, to.unless); }},
    {"unless_region", "as `region`", "\"\"", "Where `unless` is looked for. Empty: in `region`.",
     [](const SettingReader& in, ScreenRule& to) { read_region(in, to.unless_region); }},
    {"not_below", "pattern", "\"\"",
     "No row of the region below the last one that `pattern` matches may match this: what has been "
     "overtaken by later output. Empty: none.",
     [](const SettingReader& in, ScreenRule& to) { read_pattern(in, to.not_below); }},
});

}  // namespace

std::span<const Setting<ScreenRule>> screen_settings() {
  return kScreenSettings;
}

void read_screen_rules(const SettingReader& reader, std::vector<ScreenRule>& target) {
  const TableList<ScreenRule> shape{kScreenSettings, kMostScreenRules,
                                    "write [[agents.NAME.screen]]"};
  auto rules = read_table_list(
      reader, shape, [](const ScreenRule&, const SettingReader&, const TomlValue::Table&) {});
  if (rules) target = std::move(*rules);
}

}  // namespace orch
