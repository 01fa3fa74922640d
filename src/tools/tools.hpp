#pragma once
// All tools, and the one way to call one.
#include "orch/base/result.hpp"
#include "tools/tool.hpp"

#include <span>
#include <string_view>

namespace orch::tools {

std::span<const Tool* const> all_tools();
const Tool* find_tool(std::string_view name);

/// Calls the tool with `{"action": ..., "args": {...}}`; `coord.spawn`, `coord.status`,
/// `coord.message` and `coord.abort` take the args of what they stand for. The answer is an object,
/// or a text for people. Fault::BadInput: unknown tool, action or argument; Fault::Refused: the
/// caller may not, and who may.
Result<Json> call_tool(std::string_view name, const Json& input, Run& run, const Caller& caller,
                       Progress progress = {}, std::stop_token stop = {});

}  // namespace orch::tools
