#pragma once
// The tool `coordinate`: agents, work, messages and worktrees of a run, several at once. Its
// answers have `action`, `status` (success, partial, failed), `agents_managed`, `tasks_assigned`,
// `duration_seconds` and `metadata`.
#include "tools/tool.hpp"

namespace orch::tools {

extern const Tool kCoordinateTool;

}  // namespace orch::tools
