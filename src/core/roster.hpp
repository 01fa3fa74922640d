#pragma once
// The tasks of a run: how they join, follow edits of their file, and become unreachable.
#include "core/turn.hpp"

#include <string_view>
#include <vector>

namespace orch::roster {

/// When tasks are taken.
enum class Occasion {
  Start,   ///< nobody has to be told of each that joins
  Resume,  ///< the user has been told what is wrong with the file
  Edit,    ///< of the file while the run goes on
};

/// What the task file has now; with errors in it, it is not followed.
void take_tasks(Turn& turn, std::vector<TaskSpec> specs, Occasion occasion);

/// Tasks that are none of the task file join, all or, with the reason, none.
void make(Turn& turn, const UserAsked& asked);

/// The next attempt is for an agent of that kind.
void assign(Turn& turn, TaskRecord& task, const std::string& kind);

/// Looks whether it can be reached: what it needs may have been taken back while it was at work.
void look_again(Turn& turn, const TaskRecord& task);

/// Looks again at those that need this task, after it has failed, ended or come back.
void refresh_unreachable(Turn& turn, const TaskRecord& task);

/// Why a task is not wanted that is not.
Reason why_unwanted(const TaskRecord& task);

}  // namespace orch::roster
