#pragma once
// The settings of one rule for an agent's screen, and the list of them.
#include "config/setting_reader.hpp"
#include "config/table_reader.hpp"
#include "orch/config/screen_rule.hpp"

#include <span>
#include <vector>

namespace orch {

/// In the order in which the documentation lists them.
std::span<const Setting<ScreenRule>> screen_settings();

/// The whole list anew, as the order of the rules counts. Without mistakes only: half a list would
/// read another state from a screen than it says.
void read_screen_rules(const SettingReader& reader, std::vector<ScreenRule>& target);

}  // namespace orch
