#pragma once
// What agents use of the machine: watched and shown; it is no part of the state of a run.
#include "orch/core/ids.hpp"

#include <cstdint>

namespace orch {

/// What the processes of an agent use together.
struct ResourceUse {
  double cpu = 0;           ///< processors: 1.0 is one of them, all the time
  std::int64_t memory = 0;  ///< bytes
  int processes = 0;

  bool operator==(const ResourceUse&) const = default;
};

/// The same, and whose it is.
struct AgentResources {
  TaskId task;
  int attempt = 0;
  ResourceUse usage;

  bool operator==(const AgentResources&) const = default;
};

}  // namespace orch
