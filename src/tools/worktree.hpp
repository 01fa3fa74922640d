#pragma once
// The tool `worktree`: tasks in their worktrees, for an agent that coordinates, and for one that
// works on a task.
#include "tools/tool.hpp"

namespace orch::tools {

extern const Tool kWorktreeTool;

}  // namespace orch::tools
