#pragma once
// A run's state as a table for people and as JSON for programs (names: docs/commands.md).
#include "orch/core/gate_run.hpp"
#include "orch/core/resource_use.hpp"
#include "orch/core/state.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace orch::ui {

/// What is known of a run besides its state.
struct RunView {
  std::string run;
  std::int64_t supervisor_pid = 0;  ///< 0: none is alive
  std::map<TaskId, double> last_output_s;
  std::map<TaskId, ResourceUse> usage;  ///< of agents that live
  std::vector<GateRun> gates;           ///< that have run; only for the summary and the metrics
  std::vector<std::string> hints;       ///< lines under the table: how to attach, what to do next
  bool colour = false;
  std::size_t columns = 100;
};

std::string status_text(const State& state, const RunView& view);
std::string status_json(const State& state, const RunView& view);

/// Who an agent is: its task, attempt, branch and worktree.
std::string whoami_json(const std::string& run, const TaskRecord& task, const AgentRun& agent,
                        const std::string& agent_id);

/// One thing that `doctor` looked at.
struct Check {
  std::string name;
  bool ok = true;
  std::string text;
  std::string hint;
};

std::string checks_text(const std::vector<Check>& checks);
std::string checks_json(const std::vector<Check>& checks);

/// The end of a run: completed, failed with reasons, how long, workers, parallelism.
std::string summary_text(const State& state, const RunView& view);
/// The metrics: totalTasks, successful, failed, parallelTime, estimatedSequentialTime, speedup ...
std::string report_json(const State& state, const RunView& view);

}  // namespace orch::ui
