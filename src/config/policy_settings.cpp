// The settings of one rule for what agents ask, and the list of them.
#include "config/policy_settings.hpp"

#include "config/pattern.hpp"
#include "config/table_list.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace orch {

namespace {

constexpr std::size_t kMostPolicyRules = 200;  // of all layers

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

}  // namespace

std::span<const Setting<PolicyRule>> policy_settings() {
  return kPolicySettings;
}

void read_policy(const SettingReader& reader, std::vector<PolicyRule>& target) {
  Findings& findings = reader.findings();
  int number = 0;
  const auto name = [&](PolicyRule& rule, const SettingReader& item,
                        const TomlValue::Table& table) {
    rule.name = fmt::format("rule {} of {}", ++number, findings.source);
    const auto agent = std::ranges::find(table, "agent", &TomlEntry::key);
    const Place place = agent == table.end() ? item.value().place : agent->value.place;
    findings.origins[rule.name] = {findings.source, place};
  };
  const TableList<PolicyRule> shape{kPolicySettings, kMostPolicyRules - target.size(),
                                    "write [[policy]]"};
  const auto rules = read_table_list(reader, shape, name);
  if (rules) target.insert(target.end(), rules->begin(), rules->end());
}

}  // namespace orch
