#pragma once
// What came of tests and gates, by what their runner has written down.
#include "app/checks.hpp"
#include "orch/attempt/attempt.hpp"
#include "orch/core/gate_run.hpp"
#include "orch/core/ids.hpp"
#include "orch/core/outcome.hpp"

#include <string>
#include <vector>

namespace orch::app {

/// The check that ended it; nullptr: it passed, or is not about these checks.
const TestCommand* failed_check(const Checks& checks, const shim::GateResult& result);

/// Passed, or why not and at which gate.
Tested verdict_of(const Checks& checks, const shim::GateResult& result);

/// Those commands that have run. `log`: where what they printed is kept.
std::vector<GateRun> runs_of(const Checks& checks, const shim::GateResult& result,
                             const TaskId& task, const std::string& log);

}  // namespace orch::app
