#pragma once
// What the tools need of a run: implemented by whoever offers them, and by tests.
#include "orch/base/result.hpp"
#include "orch/base/time.hpp"
#include "orch/core/event.hpp"
#include "orch/core/state.hpp"
#include "ui/status.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace orch::tools {

/// The run at one moment, all paths absolute.
struct Look {
  State state;
  ui::RunView view;
};

/// A worktree of ours, as git lists them.
struct Worktree {
  std::string path;
  std::string branch;
  bool spare = false;  ///< kept for further tasks: of no task now
};

/// The run of the repository where a tool is called. Calls may wait for the supervisor's answer, 10
/// s at most; none of them makes the supervisor wait.
class Run {
 public:
  virtual ~Run() = default;

  virtual Result<Look> look() = 0;
  /// What `messages --json` says of the last ones; only those from and to `with`, unless it is
  /// empty.
  virtual Result<std::string> messages(const std::string& with) = 0;
  /// Asks the supervisor, and starts one if there is none; what it answers besides yes.
  /// Fault::Refused: it says no.
  virtual Result<std::string> ask(const UserAsked& asked) = 0;
  /// Says something as the agent that calls; what is answered.
  virtual Result<std::string> report(const AgentReported& report) = 0;
  virtual Result<std::vector<Worktree>> worktrees() = 0;
  /// Removes those that are spare; how many. Refused while a supervisor is at work.
  virtual Result<std::size_t> remove_spare() = 0;
  /// What a task's agent shows on its screen, or printed last: plain text.
  virtual Result<std::string> screen(const TaskId& task, std::size_t lines) = 0;
  /// Returns when something has changed, at the latest after `most`.
  virtual void await_change(Span most) = 0;
};

}  // namespace orch::tools
