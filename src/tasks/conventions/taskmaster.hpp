#pragma once
// claude-task-master's tasks.json: `{"master": {"tasks": [..]}}`, and the older `{"tasks": [..]}`.
//
// A subtask is called `parent.sub`. What a subtask depends on: a string with a dot is absolute; a
// number below 100, or a word, that a sibling has is that sibling; anything else is a task.
#include "tasks/model/item.hpp"

namespace orch::tasks {

/// A list of tasks with no fields but its own.
bool has_json_tasks(const Source& source);
Reading read_taskmaster(const Source& source);

}  // namespace orch::tasks
