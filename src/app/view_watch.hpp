#pragma once
// Looks once a second at who looks at the windows of agents and the overview, and fits those to
// their terminals.
#include "app/window_sizes.hpp"
#include "loop/job.hpp"
#include "loop/loop.hpp"
#include "orch/base/result.hpp"
#include "orch/core/state.hpp"
#include "orch/port/clock.hpp"

#include <set>

namespace tmuxctl {
class Server;
}

namespace orch::app {

class TmuxHost;

class ViewWatch {
 public:
  ViewWatch(loop::Loop& loop, TmuxHost& tmux, const State& state, const port::Clock& clock);

  /// Called once a second; does nothing while an earlier look is not over.
  void look();

 private:
  loop::Job<Status> fit_all(tmuxctl::Server& server);

  TmuxHost& tmux_;
  const State& state_;
  const port::Clock& clock_;
  WindowSizes sizes_;
  loop::Timer soon_;
  bool looking_ = false;
};

}  // namespace orch::app
