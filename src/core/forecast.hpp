#pragma once
// Conflicts that are seen before anybody lands: kept for who looks, for the order of landings, and
// as an anomaly of the agents that are at work.
#include "core/turn.hpp"

namespace orch::forecast {

/// How many places further back in the queue its landing stands for its conflicts with others: each
/// that lands before it has one conflict fewer to care for. At most 9, so nobody waits for ever.
std::int64_t places_back(const State& state, const TaskRecord& task);

void on(Turn& turn, const ConflictsForeseen& event);

}  // namespace orch::forecast
