#pragma once
// The settings of one piece of evidence, and the list of them.
#include "config/table_reader.hpp"
#include "orch/config/preflight_rule.hpp"

#include <span>
#include <vector>

namespace orch {

std::span<const Setting<Evidence>> evidence_settings();

void read_evidence(const SettingReader& reader, std::vector<Evidence>& target);

}  // namespace orch
