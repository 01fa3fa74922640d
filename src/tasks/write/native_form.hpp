#pragma once
// Writes tasks in our native form, whatever convention they were read from.
#include "orch/core/task.hpp"

#include <string>
#include <vector>

namespace orch::tasks {

/// Markdown that the native reader reads as the same tasks: ids, titles, marks, priorities, files,
/// agents and bodies; what a convention implied becomes a dependency. An id that the native form
/// cannot write gets another name, in the dependencies too.
std::string native_form(const std::vector<TaskSpec>& tasks, const std::string& title);

}  // namespace orch::tasks
