#pragma once
// A call of a tool, as a program has written it down, and what of it is told.
#include "agents/call_tally.hpp"

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace orch {

/// `input` is what the tool was given: an object with names that most programs share, or a text.
void begin_call(CallTally& tally, const std::string& id, const std::string& tool,
                const nlohmann::json& input);

}  // namespace orch
