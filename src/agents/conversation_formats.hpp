#pragma once
// What a line of a conversation says, as each program writes it down: of use into one tally, of
// calls into another. It may be an agent's: whatever it is, nothing is wrong with it.
#include "agents/call_tally.hpp"
#include "agents/usage_tally.hpp"

#include <nlohmann/json_fwd.hpp>

namespace orch {

void read_claude(const nlohmann::json& line, UsageTally& usage, CallTally& calls);
void read_codex(const nlohmann::json& line, UsageTally& usage, CallTally& calls);
void read_qwen(const nlohmann::json& line, UsageTally& usage, CallTally& calls);
void read_gemini(const nlohmann::json& line, UsageTally& usage, CallTally& calls);

/// What our extensions in other programs write down: calls only.
void read_told(const nlohmann::json& line, UsageTally& usage, CallTally& calls);

}  // namespace orch
