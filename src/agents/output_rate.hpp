#pragma once
// How much an agent prints in a minute, by the size of the log of its window.
#include "orch/base/time.hpp"

#include <cstdint>
#include <deque>

namespace orch {

class OutputRate {
 public:
  /// The size of the log at this time. One that is less than it was has been begun anew.
  void see(std::int64_t size, Time now);

  /// Bytes of the last minute; 0 before a minute has been seen.
  std::int64_t bytes_a_minute() const;

 private:
  struct Sum {
    Time at{};
    std::int64_t bytes = 0;  ///< in all, up to then
  };

  std::int64_t size_ = 0;
  std::deque<Sum> sums_;  ///< the first one is a minute old, or nearly so
};

}  // namespace orch
