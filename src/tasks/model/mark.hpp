#pragma once
// Where a task is ticked in its file.
#include <cstddef>
#include <string>

namespace orch::tasks {

/// Where a file says whether a task is done, and what to write there. For a box: one byte. For a
/// heading without a box: nothing yet, `[x] ` when done. For a status field: its value.
struct Mark {
  bool done = false;
  std::size_t offset = 0;  ///< in the text
  std::size_t length = 0;  ///< bytes that are replaced
  std::string ticked;
  std::string unticked;
  std::string failed{};    ///< when it was tried in vain; empty: the file has no mark for that
  bool is_failed = false;  ///< that is what it says

  bool operator==(const Mark&) const = default;
};

}  // namespace orch::tasks
