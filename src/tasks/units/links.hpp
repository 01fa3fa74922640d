#pragma once
// What the items of a file say of each other, by their places: ids are looked up here, once for all
// unit rules and orders.
#include "orch/core/task_graph.hpp"
#include "tasks/model/item.hpp"

#include <vector>

namespace orch::tasks {

/// Each of it is of each item. An id that several items have means the first of them.
struct ItemLinks {
  /// -1: none, or not in the file. Where a box is called like a section ("Phase 2: Sending" above,
  /// and as a heading below), the section is that box's own work: as units side by side the same
  /// would be done twice.
  std::vector<int> parents;
  std::vector<std::vector<int>> depends;    ///< as in Item::depends; -1: no item
  std::vector<std::vector<int>> after;      ///< as in Item::after; -1: no item
  std::vector<std::vector<int>> conflicts;  ///< as in Item::conflicts; -1: no item
  Edges needs;                              ///< what it waits for as long as both are not done
  std::vector<int> component;               ///< items of one wait for each other, by their needs
};

ItemLinks links_of(const Reading& reading);

}  // namespace orch::tasks
