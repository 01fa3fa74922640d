#pragma once
// What in a file looks like work and belongs to no task.
#include "tasks/items/drafts.hpp"

#include <vector>

namespace orch::tasks {

/// Boxes that lie in no draft, and points of the lists that drafts are points of too. Criteria,
/// legends and quotes are counted, but are not work. The drafts must be in the order of their
/// lines.
Outside outside_of(const Document& document, const std::vector<Draft>& drafts);

}  // namespace orch::tasks
