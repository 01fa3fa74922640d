#pragma once
// The attempt whose agent calls. A report is a file in the attempt's spool, so that it counts
// whether a supervisor is alive or not.
#include "app/paths.hpp"
#include "app/run_on_disk.hpp"
#include "cli/run_handle.hpp"
#include "orch/core/event.hpp"

#include <string>

namespace orch::cli {

/// The attempt whose agent calls.
struct AgentContext {
  app::Paths paths;
  app::RunOnDisk run;
  fs::path folder;
  TaskId task;
  int attempt = 0;
  std::string token;

  const TaskRecord& record() const { return *run.state.find(task); }

  const AgentRun& agent() const { return run.state.agent_of(record()); }
};

/// The ancestors tell which attempt it is. Where they cannot be seen (in a container, on another
/// host), it is the one that the environment names and whose token it has.
Result<AgentContext> find_agent_context();
/// Puts what it says into the spool of its attempt and tells a supervisor that lives.
Status put_into_spool(const AgentContext& context, AgentReported report);
/// Records what it says and tells people so; the exit status.
int report(const AgentContext& context, const AgentReported& report);

}  // namespace orch::cli
