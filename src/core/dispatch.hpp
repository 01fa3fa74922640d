#pragma once
// Who starts next, and why each of the others waits.
#include "core/turn.hpp"

namespace orch::dispatch {

/// Starts what can start, and says of the rest what it waits for.
void start_what_can(Turn& turn);

/// Is it only the others who are at work, or a delay, that it can wait for?
bool could_start(const State& state, const TaskRecord& task);

/// The worker that this task would get; 0: all are busy.
int free_worker(const State& state, const TaskRecord& task);

}  // namespace orch::dispatch
