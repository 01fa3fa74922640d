#pragma once
// How often and how soon something is tried again: the one policy for effects and attempts.
#include "orch/base/time.hpp"

#include <chrono>
#include <cstdint>

namespace orch {

/// An effect that failed for a passing reason is tried again so often, four minutes in all with the
/// usual `limits.retry_delay` of 1 s; the user is asked then.
inline constexpr int kTriesOfEffect = 8;
/// While a run is being stopped: some seconds.
inline constexpr int kTriesWhileStopping = 2;
inline constexpr Span kLongestDelay = std::chrono::minutes(5);
/// To see that there is room again costs little.
inline constexpr Span kLongestWaitForSpace = std::chrono::seconds(10);

/// `first` doubled with each of the `tries` after the first one, at most kLongestDelay, spread by a
/// quarter so that a herd does not come back at once. `dice` is any number; the same one gives the
/// same delay.
Span back_off(Span first, int tries, std::uint64_t dice);

}  // namespace orch
