#pragma once
// The tasks of a run: how they join, follow edits of their file, and become unreachable.
#include "core/turn.hpp"

#include <string_view>
#include <vector>

namespace orch::roster {

/// What the task file has now; with errors in it, it is not followed. `at_start`: nobody has to be
/// told of each that joins.
void take_tasks(Turn& turn, const std::vector<TaskSpec>& specs, bool at_start = false);

/// Looks again at those that need this task, after it has failed, ended or come back.
void refresh_unreachable(Turn& turn, const TaskRecord& task);

/// Why a task is not wanted that is not.
Reason why_unwanted(const TaskRecord& task);

}  // namespace orch::roster
