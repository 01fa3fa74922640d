#pragma once
// A run as callers of tools read it. All names are those of `status --json`.
#include "orch/base/result.hpp"
#include "tools/tool.hpp"

#include <string>
#include <string_view>

namespace orch::tools {

/// All that `status --json` says.
Result<Json> status_of(Run& run);

/// Of one task of it. Fault::NotFound names the ids there are.
Result<Json> task_in(const Json& status, std::string_view id);

/// The fields that tell where a task is; the rest is left out, for a model's context.
Json brief(const Json& task);

/// A few lines about the run and a line a task, in the order of the task file: short, and the same
/// from one call to the next but for what has changed.
std::string dashboard(const Json& status);

/// Is the task over, or does it wait for the user? Nothing happens to it by itself then.
bool is_at_rest(const Json& status, const Json& task);

}  // namespace orch::tools
