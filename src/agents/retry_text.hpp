#pragma once
// What a further attempt is told about the one before, by how that ended.
#include "agents/attempt_place.hpp"
#include "orch/config/config.hpp"

#include <string>

namespace orch {

/// Empty on the first attempt.
std::string retry_text(const AgentProfile& profile, const AttemptPlace& place);

}  // namespace orch
