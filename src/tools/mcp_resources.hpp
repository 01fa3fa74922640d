#pragma once
// What clients of the Model Context Protocol can read of a run: tasks, logs, plan, report.
#include "orch/base/result.hpp"
#include "tools/tool.hpp"

namespace orch::tools {

/// The answer to `resources/list`: those of the run, and two of each task.
Result<Json> list_resources(Run& run);
/// The answer to `resources/templates/list`.
Json resource_templates();
/// The answer to `resources/read`. Fault::BadInput, NotFound: there is no such resource.
Result<Json> read_resource(Run& run, const Json& uri);

}  // namespace orch::tools
