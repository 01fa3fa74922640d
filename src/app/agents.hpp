#pragma once
// Agents as processes: starts them in windows, stops them, and finds those again that an earlier
// supervisor started.
#include "app/run_context.hpp"
#include "loop/job.hpp"
#include "orch/base/process.hpp"
#include "orch/core/effect.hpp"
#include "orch/core/event.hpp"
#include "orch/core/state.hpp"

#include <string>

namespace orch::loop {
class Loop;
}

namespace orch::app {

class TmuxHost;

class Agents {
 public:
  Agents(loop::Loop& loop, TmuxHost& tmux, const State& state, const RunContext& context);

  loop::Job<Outcome> start(const StartAgent& effect);
  loop::Job<Outcome> stop(const StopAgent& effect);

  /// Closes every window of the task's attempts in which nothing runs any more.
  loop::Job<Status> close_windows(TaskId task);

 private:
  /// Where an agent sits: its window and pane, and the shim in it. Empty: nowhere.
  struct Seat {
    std::string window;
    std::string pane;
    ProcessId shim;
  };

  loop::Job<Result<AgentStarted>> open(const StartAgent& effect, const fs::path& folder);
  loop::Job<Seat> seat_of(std::string key);
  loop::Job<Result<AgentStarted>> await_start(const StartAgent& effect, const fs::path& folder,
                                              Seat own);

  loop::Loop& loop_;
  TmuxHost& tmux_;
  const State& state_;
  const RunContext& context_;
};

}  // namespace orch::app
