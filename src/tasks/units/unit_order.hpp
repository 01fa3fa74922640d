#pragma once
// What units wait for: the edges of their items and of the groups these stand in.
#include "tasks/units/grouping.hpp"
#include "tasks/units/units.hpp"

#include <vector>

namespace orch::tasks {

/// Fills `depends` and `after` of the units, one for each bundle; their ids must be set.
void relate_units(const Reading& reading, const ItemLinks& links, const Bundles& bundles,
                  OrderRule order, std::vector<Unit>& units, std::vector<Problem>& problems);

}  // namespace orch::tasks
