#pragma once
// Plans of Cursor (.cursor/plans/NAME.plan.md): the front matter has `todos` with id, content,
// status and dependencies; the text below is the plan. The status is what is ticked.
#include "tasks/model/item.hpp"
#include "tasks/text/yaml_front.hpp"

namespace orch::tasks {

bool has_cursor_todos(const FrontMatter& front);
Reading read_cursor(const Source& source);

}  // namespace orch::tasks
