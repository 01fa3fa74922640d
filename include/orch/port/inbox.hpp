#pragma once
// What comes from agents by itself: their reports, and their ends.
#include "orch/core/agent_run.hpp"
#include "orch/core/event.hpp"
#include "orch/core/ids.hpp"

#include <functional>
#include <vector>

namespace orch::port {

class Inbox {
 public:
  using Exited = std::function<void(AgentExited)>;

  virtual ~Inbox() = default;

  /// What this agent has reported and nobody forgot, oldest first. Reports are there
  /// also when they were made while no supervisor lived.
  virtual std::vector<AgentReported> read(const AgentRun& agent) = 0;
  /// The report is stored, or counts for nothing: it is not read again.
  virtual void forget(const AgentReported& report) = 0;

  /// Calls `exited` once when this agent has ended, or soon when it has already;
  /// never before this returns. Who started the agent makes no difference. Another attempt of the
  /// same task takes the place of the one that was followed.
  virtual void follow(const AgentRun& agent, Exited exited) = 0;
  /// How the task's agent ends is of no interest any more.
  virtual void unfollow(const TaskId& task) = 0;
};

}  // namespace orch::port
