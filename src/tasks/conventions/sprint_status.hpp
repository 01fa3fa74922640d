#pragma once
// BMAD's sprint-status.yaml: `development_status` with one line for each story, `1-2-log-in: done`.
//
// Epics and retrospectives are no tasks; the stories of an epic come one after the other. What a
// story is about stands in a file of its name. The status is what is ticked.
#include "tasks/model/item.hpp"

namespace orch::tasks {

bool has_development_status(const Source& source);
Reading read_sprint_status(const Source& source);

}  // namespace orch::tasks
