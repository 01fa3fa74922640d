#pragma once
// Units that would wait for each other: A.1 <- B.1 <- A.2 makes two units of A.
#include "tasks/units/grouping.hpp"

#include <vector>

namespace orch::tasks {

/// What each undone item waits for, by index, as far as the file says so.
std::vector<std::vector<int>> item_edges(const std::vector<Item>& items);

/// Splits bundles until none waits for itself through others. Cycles between the items themselves
/// are reported and stay. A part after the first follows its first part in the list.
void split_cycles(const std::vector<Item>& items, Bundles& bundles, std::vector<Problem>& problems);

}  // namespace orch::tasks
