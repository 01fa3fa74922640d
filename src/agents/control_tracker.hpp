#pragma once
// Who has an agent's window: told from when a person typed there last, and what they left.
#include "orch/base/time.hpp"
#include "orch/core/agent_run.hpp"

#include <optional>

namespace orch {

class ControlTracker {
 public:
  /// `hand_back`: the quiet after which the window is ours again.
  explicit ControlTracker(Span hand_back) : hand_back_(hand_back) {}

  /// A person typed at this time; `draft`: what they typed stands in the agent's input.
  void typed(Time at, bool draft);

  /// What is sure by now and differs from what is known. A draft keeps the window, but not from
  /// what the user is to be told of; a screen that cannot be read keeps it, too.
  std::optional<Control> news(const AgentRun& known, Time now) const;

 private:
  Span hand_back_;
  std::optional<Time> typed_at_;
  bool draft_ = false;
};

}  // namespace orch
