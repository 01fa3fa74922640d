#pragma once
// What the actions of the tool `coordinate` do.
#include "orch/base/result.hpp"
#include "tools/tool.hpp"

namespace orch::tools {

Result<Json> coordinate_agents(const Call& call);
Result<Json> coordinate_work(const Call& call);
Result<Json> coordinate_messages(const Call& call);
Result<Json> coordinate_worktrees(const Call& call);

}  // namespace orch::tools
