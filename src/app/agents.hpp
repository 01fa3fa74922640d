#pragma once
// Agents as processes: starts them in windows, sees them end, stops them, and finds those again
// that an earlier supervisor started.
#include "app/world.hpp"
#include "loop/job.hpp"
#include "loop/loop.hpp"
#include "orch/base/process.hpp"
#include "orch/core/effect.hpp"
#include "orch/core/event.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace orch::app {

class Agents {
 public:
  Agents(World& world, std::function<void(Event)> post);
  ~Agents();

  loop::Job<Outcome> start(const StartAgent& effect);
  loop::Job<Outcome> stop(const StopAgent& effect);

  /// Closes every window of the task's attempts in which nothing runs any more.
  loop::Job<Status> close_windows(TaskId task);

  /// Brings the watches in line with the task: an agent that counts as alive is watched until it
  /// ends, whoever started it. Called after each change, and for every task at start: that is all
  /// there is to adoption.
  void follow(const TaskRecord& task);

 private:
  struct Watched {
    int attempt = 0;
    std::unique_ptr<loop::ExitWatch> exit;
  };

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
  void ended(const TaskId& task, int attempt);

  World& world_;
  std::function<void(Event)> post_;
  std::map<TaskId, Watched> watched_;
};

}  // namespace orch::app
