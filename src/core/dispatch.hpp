#pragma once
// Who starts next.
#include "core/turn.hpp"

namespace orch::dispatch {

/// Starts what can start. Why the rest waits, WaitingReasons says.
void start_what_can(Turn& turn);

/// Is it only the others who are at work, or a delay, that some task waits for?
bool could_start_any(Turn& turn);

/// Is it the machine's memory that some task waits for?
bool waits_for_room(Turn& turn);

/// The worker that this task has or would get; 0: all are busy.
int free_worker(Turn& turn, const TaskRecord& task);

}  // namespace orch::dispatch
