#pragma once
// When and how long. The core is told the time; it never asks.
#include <chrono>
#include <cstdint>

namespace orch {

/// The run's own clock: milliseconds since the run began, monotonic, going on over restarts of the
/// supervisor (and standing still while the machine is off). It has no now(): time is passed in.
struct RunClock {
  using duration = std::chrono::milliseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<RunClock, duration>;
  static constexpr bool is_steady = true;
};

using Span = std::chrono::milliseconds;
using Time = RunClock::time_point;

constexpr Time at_ms(std::int64_t ms) {
  return Time(Span(ms));
}

constexpr std::int64_t to_ms(Time time) {
  return time.time_since_epoch().count();
}

}  // namespace orch
