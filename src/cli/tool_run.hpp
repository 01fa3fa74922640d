#pragma once
// The run that tools are called for: the newest one of the repository here, read from its database
// each time, and its supervisor.
#include "cli/live_store.hpp"
#include "cli/run_handle.hpp"
#include "tools/tool.hpp"

namespace orch::cli {

class ToolRun : public tools::Run {
 public:
  explicit ToolRun(app::Paths paths);

  Result<tools::Look> look() override;
  Result<std::string> messages(const std::string& with) override;
  Result<std::string> ask(const UserAsked& asked) override;
  Result<std::string> report(const AgentReported& report) override;
  Result<std::vector<tools::Worktree>> worktrees() override;
  Result<std::size_t> remove_spare() override;
  Result<std::string> screen(const TaskId& task, std::size_t lines) override;
  void await_change(Span most) override;

 private:
  app::Paths paths_;
  LiveStore store_;
};

/// Who calls tools in this process, and in which repository.
struct ToolCaller {
  app::Paths paths;
  tools::Caller caller;
};

/// By the ancestors of this process, as for all that agents do. Fault::Refused: the agent of an
/// attempt that is over.
Result<ToolCaller> find_tool_caller();

}  // namespace orch::cli
