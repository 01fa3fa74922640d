#pragma once
// The reader "table", and what makes a text look like a table of tasks.
#include "tasks/items/drafts.hpp"

#include <cstddef>
#include <vector>

namespace orch::tasks {

struct TableLook {
  std::size_t rows = 0;
  bool repeats = false;    ///< boxes name the tasks of the rows again
  bool among = false;      ///< there are more boxes than rows
  std::size_t told = 0;    ///< headings with the ids of rows
  std::size_t others = 0;  ///< headings with ids that no row has

  /// The rows are the tasks, and headings tell more about some of them.
  bool has_details() const { return !repeats && !among && told > 0 && told + others < rows; }

  bool stands_alone() const { return rows > 0 && !repeats && !among && told == 0; }
};

/// `boxes`: box_drafts() of the document.
TableLook look_for_table(const Document& document, const std::vector<Draft>& boxes);

Reading read_table(const Source& source);

}  // namespace orch::tasks
