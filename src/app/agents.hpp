#pragma once
// Agents as processes: starts them in windows, and finds those again that an earlier supervisor
// started.
#include "app/run_context.hpp"
#include "loop/job.hpp"
#include "orch/base/process.hpp"
#include "orch/core/effect.hpp"
#include "orch/core/event.hpp"
#include "orch/core/state.hpp"
#include "tmuxctl/values.hpp"

#include <cstdint>
#include <list>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace orch::git {
class Repository;
}  // namespace orch::git

namespace orch::loop {
class Loop;
}  // namespace orch::loop

namespace tmuxctl {
class Server;
}

namespace orch::app {

class TmuxHost;

class Agents {
 public:
  Agents(loop::Loop& loop, TmuxHost& tmux, git::Repository& git, const State& state,
         const RunContext& context);
  ~Agents();
  Agents(const Agents&) = delete;
  Agents& operator=(const Agents&) = delete;

  loop::Job<StartAgent::Ends> start(const StartAgent& effect);

  /// The shim of that attempt says that it has started or ended, which its folder shows.
  void look_at(const std::string& key);

  /// Closes every window of the task's attempts in which nothing runs any more.
  loop::Job<Status> close_windows(TaskId task);

 private:
  /// Where an agent runs: its window and pane, and the shim in it. Empty: nowhere.
  struct AgentPane {
    std::string window;
    std::string pane;
    ProcessId shim;
  };

  /// Something to look at again when an event is set. Kept here and not by the job that waits,
  /// which may never go on: what hangs on the loop must be gone before it.
  struct Wait;

  /// Nobody can be in that folder: no supervisor has begun this start before.
  bool begins_first(const StartAgent& effect, const fs::path& folder);

  /// Windows of the session, as they were listed last and with those that were opened since.
  struct Windows {
    std::vector<tmuxctl::Pane> panes;
    ProcessId server;
    std::int64_t until_ms = 0;  ///< listed anew from then on
  };

  loop::Job<Status> note_status_file_of(const StartAgent& effect, const fs::path& folder);
  loop::Job<Result<AgentStarted>> open(const StartAgent& effect, const fs::path& folder,
                                       bool is_first);
  loop::Job<Result<AgentStarted>> open_once(const StartAgent& effect, const fs::path& folder,
                                            bool is_first);
  loop::Job<Status> know_windows(tmuxctl::Server& server);
  loop::Job<Result<tmuxctl::Opened>> open_in_order(tmuxctl::Server& server,
                                                   tmuxctl::WindowSpec spec, TaskId task);
  void show_again(tmuxctl::Server& server, const std::vector<tmuxctl::Session>& sessions);
  loop::Job<AgentPane> agent_pane_of(std::string key);
  loop::Job<AgentPane> find_agent(std::string key, const fs::path& folder);
  loop::Job<Result<AgentStarted>> await_start(const StartAgent& effect, const fs::path& folder,
                                              AgentPane own, bool is_first);

  Wait& wait_for(std::string key, const ProcessId& process);
  void forget(const Wait& wait);

  loop::Loop& loop_;
  TmuxHost& tmux_;
  git::Repository& git_;
  const State& state_;
  const RunContext& context_;
  std::list<std::unique_ptr<Wait>> waits_;
  Windows windows_;
  bool has_cleared_ = false;     ///< windows of earlier runs are closed
  std::set<std::string> tried_;  ///< keys of attempts whose start was begun, by whomever
};

}  // namespace orch::app
