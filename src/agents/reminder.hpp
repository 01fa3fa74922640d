#pragma once
// What an agent is told whose turn is over and which has not reported.
#include "orch/config/config.hpp"

#include <string>

namespace orch {

/// A few lines without control bytes; begins with a word of ours.
std::string reminder_text(const AgentProfile& profile);

}  // namespace orch
