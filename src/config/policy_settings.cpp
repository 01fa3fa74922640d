// The settings of one rule for what agents ask, and the list of them.
#include "config/policy_settings.hpp"

#include "config/pattern.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace orch {

namespace {

constexpr std::size_t kMostRules = 200;

void read_answer(const SettingReader& reader, PolicyAnswer& target) {
  PolicyAnswer answer = PolicyAnswer::Ask;
  const std::size_t before = reader.findings().problems.size();
  reader.choice(answer);
  if (reader.findings().problems.size() != before) return;
  if (answer == PolicyAnswer::Allow && reader.only_narrows()) return reader.not_yours();
  target = answer;
}

constexpr auto kPolicySettings = std::to_array<Setting<PolicyRule>>({
    {"agent", "text", "\"\"", "Only for agents of this kind. Empty: for all.",
     [](const SettingReader& in, PolicyRule& to) { in.text(to.agent); }},
    {"tool", "text", "\"\"",
     "Only for this tool, as the agent's program names it (`Bash`). Empty: for all.",
     [](const SettingReader& in, PolicyRule& to) { in.text(to.tool); }},
    {"pattern", "pattern", "required", "The whole command has to match it.",
     [](const SettingReader& in, PolicyRule& to) { read_pattern(in, to.pattern); }},
    {"answer", "`allow`, `deny` or `ask`", "required",
     "Say yes to this once, say no, or ask you. Of all rules that match, one that denies goes "
     "before one that asks, and that before one that allows.",
     [](const SettingReader& in, PolicyRule& to) { read_answer(in, to.answer); }, SetBy::Narrowing},
});

/// The rule in `item`; says what it lacks.
void read_rule(const SettingReader& item, const TomlValue::Table& table, PolicyRule& rule) {
  Findings& findings = item.findings();
  TableReader<PolicyRule>(kPolicySettings, item.path() + ".", rule, findings, item.only_narrows())
      .read(table);
  for (const Setting<PolicyRule>& setting : kPolicySettings) {
    const bool is_there = std::ranges::find(table, setting.path, &TomlEntry::key) != table.end();
    if (setting.initial == "required" && !is_there)
      item.wrong(fmt::format("this rule has no '{}'", setting.path));
  }
}

}  // namespace

std::span<const Setting<PolicyRule>> policy_settings() {
  return kPolicySettings;
}

void read_policy(const SettingReader& reader, std::vector<PolicyRule>& target) {
  const std::string hint = "write [[policy]]";
  const auto* list = std::get_if<TomlValue::List>(&reader.value().content);
  if (list == nullptr) return reader.wrong_kind("a list of tables", hint);
  Findings& findings = reader.findings();
  if (target.size() + list->size() > kMostRules)
    return reader.wrong(fmt::format("'{}' has more than {} rules", reader.path(), kMostRules));
  const std::size_t before = findings.problems.size();
  std::vector<PolicyRule> rules;
  for (const TomlValue& value : *list) {
    const SettingReader item(reader.path(), value, findings, reader.only_narrows());
    const auto* table = std::get_if<TomlValue::Table>(&value.content);
    if (table == nullptr) return item.wrong_kind("a list of tables", hint);
    PolicyRule& rule = rules.emplace_back();
    rule.name = fmt::format("rule {} of {}", rules.size(), findings.source);
    read_rule(item, *table, rule);
    const auto agent = std::ranges::find(*table, "agent", &TomlEntry::key);
    const Place place = agent == table->end() ? value.place : agent->value.place;
    findings.origins[rule.name] = {findings.source, place};
  }
  if (findings.problems.size() == before) target.insert(target.end(), rules.begin(), rules.end());
}

}  // namespace orch
