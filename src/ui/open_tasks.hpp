#pragma once
// What a run has left to do, for whom, and how.
#include "orch/core/state.hpp"

#include <string>
#include <vector>

namespace orch::ui {

/// A task of the run that is not merged.
struct OpenTask {
  TaskId id;
  std::string state;
  std::string why;       ///< with what to do, as commands in backticks
  std::string how;       ///< likewise, where the reason does not say it
  std::string worktree;  ///< empty: it has none any more
  std::string branch;
  std::vector<std::string> rescues;
};

std::vector<OpenTask> open_tasks(const State& state);

/// Of a task that is_left_to_user(): what they do.
std::string what_user_does(const TaskRecord& task);

}  // namespace orch::ui
