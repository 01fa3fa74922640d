#pragma once
// One task a file with front matter: ccpm's `.claude/epics/<epic>/<number>.md`, whose id is the
// name of the file, and the plain files people write in the same way.
#include "tasks/conventions/reader.hpp"

namespace orch::tasks {

Detection detect_ccpm(const Source& source);
Reading read_ccpm(const Source& source);

}  // namespace orch::tasks
