#pragma once
// What `up --dry-run` and `plan` are alike in.
#include "cli/prepare.hpp"

namespace orch::cli {

/// What `up` would do, as text; nothing is started.
int dry_run(const PlanOptions& options);

}  // namespace orch::cli
