#pragma once
// What is said of a whole section: "Dependencies: Task Group 1" between its heading and its tasks.
#include "tasks/items/drafts.hpp"
#include "tasks/items/references.hpp"

#include <vector>

namespace orch::tasks {

/// Has the outermost tasks of such a section depend on those of the sections, or on the tasks, that
/// the field names. For each group: does it, or one around it, have such a field?
std::vector<bool> add_group_dependencies(const Document& document, const std::vector<Draft>& drafts,
                                         const References& references, Reading& reading);

}  // namespace orch::tasks
