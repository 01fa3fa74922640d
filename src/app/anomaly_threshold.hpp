#pragma once
// What those who look for an anomaly have to know of the user's rule about it.
#include "orch/core/state.hpp"

#include <cstdint>
#include <optional>

namespace orch::app {

/// From how much on it fires; nothing: it is off, and nobody need look.
std::optional<std::int64_t> threshold_of(const State& state, Anomaly anomaly);

}  // namespace orch::app
