#pragma once
// The rules for agents with which something is wrong, as they are where the user says nothing.
#include <string_view>

namespace orch {

/// The text of src/config/anomalies.toml.
std::string_view builtin_anomalies();

}  // namespace orch
