#pragma once
// The files of conversations: a line of JSON each, which is parsed once for all that it says.
#include "agents/call_tally.hpp"
#include "agents/usage_tally.hpp"
#include "orch/core/usage.hpp"

#include <string_view>

namespace orch {

/// What the line says, if anything. It may be an agent's: whatever it is, nothing is wrong with it.
void read_conversation_line(UsageFormat format, std::string_view line, UsageTally& usage,
                            CallTally& calls);

}  // namespace orch
