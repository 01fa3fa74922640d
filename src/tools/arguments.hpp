#pragma once
// The arguments of a call, held against the action's table.
#include "orch/base/result.hpp"
#include "tools/tool.hpp"

namespace orch::tools {

/// Fault::BadInput names the first that is unknown, missing or of another type, and the action's
/// example.
Status check_arguments(const Tool& tool, const Action& action, const Json& args);

/// "a text", "a list of texts".
std::string_view words_for(Type type);

}  // namespace orch::tools
