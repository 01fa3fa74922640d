#pragma once
// Ticking tasks in their file by the smallest possible edit.
#include "orch/base/result.hpp"
#include "orch/core/ids.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace orch::tasks {

/// Where a file says whether a task is done, and what to write there. For a box: one byte. For a
/// heading without a box: nothing yet, `[x] ` when done. For a status field: its value.
struct Mark {
  bool done = false;
  std::size_t offset = 0;  ///< in the text
  std::size_t length = 0;  ///< bytes that are replaced
  std::string ticked;
  std::string unticked;

  bool operator==(const Mark&) const = default;
};

/// `text`, but each task that `other` has too is ticked as it is there. Drops the ticks an agent
/// made itself: with_marks_of(what it wrote, what it started from). Ids that occur twice are left.
std::string with_marks_of(std::string_view text, std::string_view other, std::string_view path = {},
                          std::string_view format = {});

/// `text` with the marks that differ between `before` and `after` set as in `after`.
std::string with_mark_changes(std::string_view text, std::string_view before,
                              std::string_view after, std::string_view path = {},
                              std::string_view format = {});

}  // namespace orch::tasks
