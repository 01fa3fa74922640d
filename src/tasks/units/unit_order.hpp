#pragma once
// What units wait for: the edges of their items and of the groups these stand in.
#include "orch/core/task.hpp"
#include "tasks/units/grouping.hpp"

#include <vector>

namespace orch::tasks {

/// Fills `depends` and `after` of the specs, one for each bundle; their ids must be set.
void relate_units(const Reading& reading, const Bundles& bundles, OrderRule order,
                  std::vector<TaskSpec>& specs, std::vector<Problem>& problems);

}  // namespace orch::tasks
