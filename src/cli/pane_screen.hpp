#pragma once
// The screen of an agent that lives, as it is at this moment.
#include "agents/screen/screen.hpp"
#include "cli/run_handle.hpp"
#include "orch/base/result.hpp"
#include "orch/config/config.hpp"
#include "orch/core/agent_run.hpp"

namespace orch::cli {

/// What its pane shows.
struct PaneScreen {
  Screen screen;
  std::string text;  ///< as tmux captured it
  int width = 0;
  int height = 0;
};

/// The agent at work on that task. Fault::NotFound: there is none, or its pane is gone.
Result<const AgentRun*> living_agent(const RunHandle& handle, const TaskId& task);

Result<PaneScreen> screen_in(const RunHandle& handle, const Config& config, const AgentRun& agent);

}  // namespace orch::cli
