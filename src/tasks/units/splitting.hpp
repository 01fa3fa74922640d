#pragma once
// Units that would wait for each other: A.1 <- B.1 <- A.2 makes two units of A.
#include "tasks/units/grouping.hpp"

#include <vector>

namespace orch::tasks {

/// Splits bundles until none waits for itself through others. Cycles between the items themselves
/// are reported and stay. A part after the first follows its first part in the list.
void split_cycles(const std::vector<Item>& items, const ItemLinks& links, Bundles& bundles,
                  std::vector<Problem>& problems);

}  // namespace orch::tasks
