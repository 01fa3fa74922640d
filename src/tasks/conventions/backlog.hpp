#pragma once
// Backlog.md: one task a file, `backlog/tasks/back-12 - Title.md`, its fields in front matter.
#include "tasks/conventions/reader.hpp"

namespace orch::tasks {

Detection detect_backlog(const Source& source);
Reading read_backlog(const Source& source);

}  // namespace orch::tasks
