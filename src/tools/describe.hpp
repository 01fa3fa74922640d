#pragma once
// A tool as it is described to its callers: help, and JSON Schema.
#include "orch/base/result.hpp"
#include "tools/tool.hpp"

#include <string>

namespace orch::tools {

/// Its actions that this caller may take; of one action its arguments and an example as well.
Json help_of(const Tool& tool, const Caller& caller);
Json help_of(const Action& action);

/// What it is for, and an action a line with its arguments: a model reads this to call it right.
std::string description_of(const Tool& tool, const Caller& caller);

/// The JSON Schema of what it takes: `{"action": ..., "args": {...}}`.
Json schema_of(const Tool& tool, const Caller& caller);

bool may_call(const Action& action, const Caller& caller);

}  // namespace orch::tools
