#pragma once
// The formats in which programs write down what they use: a line of JSON each, read into a tally.
#include "agents/usage_tally.hpp"
#include "orch/core/usage.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace orch {

/// What the line says, if anything. It may be an agent's: whatever it is, nothing is wrong with it.
void read_usage_line(UsageFormat format, std::string_view line, UsageTally& tally);

/// What an extension of ours tells with a hook, as an object: `models` with the `input`, `output`,
/// `cache_read` and `cache_write` of each, `cost` in dollars, `context`, `context_window`. Nothing:
/// it is none.
std::optional<Usage> told_usage(std::string_view json);

/// The same as a text.
std::string told_text(const Usage& usage);

}  // namespace orch
