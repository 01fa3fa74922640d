#pragma once
// What agents have used, held against what they may: at the limit their turns are ended, nothing of
// the task is begun any more, and the user is asked.
#include "core/turn.hpp"

namespace orch::budgets {

/// An agent of the task was given a text.
void count_turn(Turn& turn, TaskRecord& task);

/// What its attempts have cost may be another sum by now.
void count_cost(Turn& turn, TaskRecord& task);

/// The user goes on with the run: its prices may have changed, and it may begin tasks again.
void begin_anew(Turn& turn);

/// Its agent needs another turn: if it may not have one, the user is asked instead.
bool ask_instead(Turn& turn, TaskRecord& task);

/// Is it blocked by a limit that is higher by now?
bool is_raised(const State& state, const TaskRecord& task);

/// The user lets the task go on: it may use as much again, and so may the run.
void grant(Turn& turn, TaskRecord& task);

}  // namespace orch::budgets
