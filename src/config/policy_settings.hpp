#pragma once
// The settings of one rule for what agents ask, and the list of them.
#include "config/setting_reader.hpp"
#include "config/table_reader.hpp"
#include "orch/config/policy_rule.hpp"

#include <span>
#include <vector>

namespace orch {

/// In the order in which the documentation lists them.
std::span<const Setting<PolicyRule>> policy_settings();

/// Adds the rules to those of the layers below: to leave out a rule that denies would give rights.
void read_policy(const SettingReader& reader, std::vector<PolicyRule>& target);

}  // namespace orch
