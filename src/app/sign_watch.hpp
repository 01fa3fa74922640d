#pragma once
// Looks at what agents leave besides their screens and conversations: how fast the logs of their
// windows grow, and which branches their worktrees are on. The core is told when that may be wrong.
#include "agents/output_rate.hpp"
#include "app/run_context.hpp"
#include "orch/core/event.hpp"
#include "orch/core/state.hpp"
#include "orch/port/clock.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace orch::app {

class SignWatch {
 public:
  /// `post` takes what may be wrong.
  SignWatch(const State& state, const RunContext& context, const port::Clock& clock,
            std::function<void(Event)> post);

  /// Called once a second: a few calls to the file system for each agent that lives.
  void look();

 private:
  struct Watched {
    OutputRate rate{};
    bool is_runaway = false;  ///< and told so
    Time branch_looked{};
    std::string branch{};  ///< another than its own, that was told of
  };

  void look_at_output(const AgentRun& agent, Watched& watched);
  void look_at_branch(const AgentRun& agent, Watched& watched);
  void tell(const AgentRun& agent, Anomaly anomaly, std::int64_t amount, std::int64_t serial,
            std::string evidence);

  const State& state_;
  const RunContext& context_;
  const port::Clock& clock_;
  std::function<void(Event)> post_;
  std::map<std::string, Watched> watched_;  ///< by the key of the attempt
};

/// The branch that a worktree is on; empty: none (a rebase, say), or that cannot be told.
std::string branch_of_worktree(const fs::path& worktree);

}  // namespace orch::app
