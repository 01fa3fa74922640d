#pragma once
// Windows that earlier runs have left in the session.
#include "loop/job.hpp"
#include "orch/base/result.hpp"
#include "orch/core/state.hpp"
#include "tmuxctl/values.hpp"

#include <vector>

namespace tmuxctl {
class Server;
}

namespace orch::app {

/// Those of agents that are none of this run's, in which no program lives and at which nobody
/// looks.
std::vector<tmuxctl::WindowId> old_windows(const State& state,
                                           const std::vector<tmuxctl::Pane>& panes,
                                           const std::vector<tmuxctl::Client>& clients);

loop::Job<Status> close_old_windows(tmuxctl::Server& server, const State& state);

}  // namespace orch::app
