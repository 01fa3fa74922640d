#pragma once
// Agents that look at finished work before it takes its turn to land.
#include "core/turn.hpp"

namespace orch::reviews {

/// Is there a review that the task's work has not passed yet? What the user has merged needs none.
bool is_due(const State& state, const TaskRecord& task);

/// One review of a task at a time, those of different tasks side by side.
void begin_next(Turn& turn);

void on(Turn& turn, const ReviewWork& effect, const ReviewWork::Ends& end);

}  // namespace orch::reviews
