// What is done about agents with which something is wrong.
#include "config/anomaly_settings.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace orch {

namespace {

constexpr std::int64_t kHighestThreshold = 1'000'000;
constexpr std::size_t kMostActions = 20;
constexpr std::size_t kLongestText = 4000;

template <class Enum>
std::vector<std::string> names_of() {
  std::vector<std::string> names;
  for (const auto& [value, name] : EnumNames<Enum>::kTable)
    names.emplace_back(name);
  return names;
}

void read_actions(const SettingReader& reader, std::vector<AnomalyAction>& target) {
  const std::size_t before = reader.findings().problems.size();
  std::vector<std::string> words;
  reader.texts(words);
  if (reader.findings().problems.size() != before) return;
  std::vector<AnomalyAction> actions;
  for (const std::string& word : words) {
    const std::optional<AnomalyAction> action = from_text<AnomalyAction>(word);
    if (action && actions.size() < kMostActions) {
      actions.push_back(*action);
      continue;
    }
    return reader.wrong(
        action ? fmt::format("'{}' has more than {} entries", reader.path(), kMostActions)
               : fmt::format("'{}': there is no action \"{}\"", reader.path(), one_line(word, 40)),
        "it can be " + choices_text(names_of<AnomalyAction>()));
  }
  target = std::move(actions);
}

/// It is typed, and nobody types nothing.
void read_message(const SettingReader& reader, std::string& target) {
  std::optional<std::string> text = reader.any_text();
  if (!text) return;
  if (trim(*text).empty() || text->size() > kLongestText) {
    return reader.wrong(
        fmt::format("'{}' must be a text of {} bytes at most", reader.path(), kLongestText));
  }
  target = std::move(*text);
}

constexpr auto kAnomalySettings = std::to_array<Setting<AnomalyRule>>({
    {"severity", "`low`, `medium` or `high`", "as below",
     "How bad it is: it stands in `events` and `status --json`.",
     [](const SettingReader& in, AnomalyRule& to) { in.choice(to.severity); }},
    {"threshold", "number, 1 to 1000000", "as below", "From how much on the rule fires.",
     [](const SettingReader& in, AnomalyRule& to) {
       in.number(to.threshold, 1, kHighestThreshold);
     }},
    {"actions", "list of `note`, `message`, `interrupt`, `restart`, `abort`, `pause` and `tell`",
     "as below",
     "What is done the first time in an attempt, the second, and so on; the last one stays. `[]`: "
     "the rule is off.",
     [](const SettingReader& in, AnomalyRule& to) { read_actions(in, to.actions); }},
    {"cool_down", "time", "as below", "It does not fire again before.",
     [](const SettingReader& in, AnomalyRule& to) { in.span(to.cool_down, Span{0}); }},
    {"message", "text", "as built in", "What `message` and `interrupt` type.",
     [](const SettingReader& in, AnomalyRule& to) { read_message(in, to.message); }},
});

}  // namespace

std::span<const Setting<AnomalyRule>> anomaly_settings() {
  return kAnomalySettings;
}

void read_anomalies(const SettingReader& reader, AnomalyRules& rules) {
  constexpr std::string_view kHint = "write [anomalies.NAME]";
  const auto* tables = std::get_if<TomlValue::Table>(&reader.value().content);
  if (tables == nullptr) return reader.wrong_kind("a table", std::string(kHint));
  for (const TomlEntry& entry : *tables) {
    const SettingReader one(fmt::format("{}.{}", reader.path(), one_line(entry.key, 60)),
                            entry.value, reader.findings());
    const std::vector<std::string> names = names_of<Anomaly>();
    if (std::ranges::find(names, entry.key) == names.end()) {
      const std::string near = nearest(entry.key, names);
      one.wrong(fmt::format("there is no anomaly '{}'", one_line(entry.key, 40)),
                near.empty() ? "known: " + join(names, ", ")
                             : fmt::format("did you mean '{}.{}'?", reader.path(), near));
      continue;
    }
    const auto* table = std::get_if<TomlValue::Table>(&entry.value.content);
    if (table == nullptr) {
      one.wrong_kind("a table", std::string(kHint));
      continue;
    }
    TableReader<AnomalyRule>(kAnomalySettings, one.path() + ".", rules[entry.key],
                             reader.findings())
        .read(*table);
  }
}

}  // namespace orch
