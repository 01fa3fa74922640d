#pragma once
// The settings of one price, and the table of them by the names of models.
#include "config/setting_reader.hpp"
#include "config/table_reader.hpp"
#include "orch/core/usage.hpp"

#include <span>

namespace orch {

/// In the order in which the documentation lists them.
std::span<const Setting<Price>> price_settings();

/// Each model key by key.
void read_prices(const SettingReader& reader, Prices& prices);

}  // namespace orch
