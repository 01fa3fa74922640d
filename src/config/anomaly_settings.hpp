#pragma once
// The settings of one rule about what may be wrong with an agent, and the table of them by name.
#include "config/setting_reader.hpp"
#include "config/table_reader.hpp"
#include "orch/core/anomaly.hpp"

#include <span>

namespace orch {

/// In the order in which the documentation lists them.
std::span<const Setting<AnomalyRule>> anomaly_settings();

/// Key by key into the rule of that name.
void read_anomalies(const SettingReader& reader, AnomalyRules& rules);

}  // namespace orch
