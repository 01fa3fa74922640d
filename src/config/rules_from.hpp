#pragma once
// What of the configuration the core decides by.
#include "orch/config/config.hpp"
#include "orch/core/rules.hpp"

namespace orch {

/// All that is settled by the configuration alone. What is not keeps its initial value: the agent
/// that is chosen, the base, the seed, and what the user asks for with one `up`.
Rules rules_from(const Config& config);

}  // namespace orch
