#pragma once
// The run's own time.
#include "orch/base/time.hpp"

namespace orch::port {

class Clock {
 public:
  virtual ~Clock() = default;

  /// Never goes back, over restarts neither: an event is stored with the time it was decided at.
  virtual Time now() const = 0;
};

}  // namespace orch::port
