#pragma once
// Backlog.md: one task a file, `backlog/tasks/back-12 - Title.md`, its fields in front matter.
#include "tasks/model/item.hpp"
#include "tasks/text/yaml_front.hpp"

namespace orch::tasks {

bool is_backlog_task(const FrontMatter& front);
Reading read_backlog(const Source& source);

}  // namespace orch::tasks
