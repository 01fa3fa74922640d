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
#include <optional>
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
    std::string branch{};                  ///< another than its own, that was told of
    std::optional<Time> detached_since{};  ///< on no branch, and nothing of git is under way
  };

  static Watched as_told(const AgentRun& agent);
  void look_at_output(const AgentRun& agent, Watched& watched);
  void look_at_branch(const AgentRun& agent, Watched& watched);
  std::string elsewhere(const AgentRun& agent, Watched& watched);
  void tell(const AgentRun& agent, Anomaly anomaly, std::int64_t amount, std::int64_t serial,
            std::string evidence);

  const State& state_;
  const RunContext& context_;
  const port::Clock& clock_;
  std::function<void(Event)> post_;
  std::map<std::string, Watched> watched_;  ///< by the key of the attempt
};

/// What the HEAD of a worktree says; both are empty where that cannot be told.
struct WorktreeHead {
  std::string branch;
  std::string commit;   ///< of one that is on no branch ...
  bool passes = false;  ///< ... until a rebase, bisect or the like is over
};

WorktreeHead head_of_worktree(const fs::path& worktree);

}  // namespace orch::app
