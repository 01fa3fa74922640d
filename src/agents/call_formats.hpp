#pragma once
// The formats in which programs write down what their agents do with tools: a line of JSON each,
// read into a tally.
#include "agents/call_tally.hpp"
#include "orch/core/usage.hpp"

#include <string_view>

namespace orch {

/// What the line says, if anything. It may be an agent's: whatever it is, nothing is wrong with it.
void read_call_line(UsageFormat format, std::string_view line, CallTally& tally);

}  // namespace orch
