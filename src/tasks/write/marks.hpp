#pragma once
// Ticking tasks in their file by the smallest possible edit.
#include <string>
#include <string_view>

namespace orch::tasks {

/// `text`, but each task that `other` has too is ticked as it is there. Drops the ticks an agent
/// made itself: with_marks_of(what it wrote, what it started from). Ids that occur twice are left.
std::string with_marks_of(std::string_view text, std::string_view other, std::string_view path = {},
                          std::string_view format = {});

/// `text` with the marks that differ between `before` and `after` set as in `after`.
std::string with_mark_changes(std::string_view text, std::string_view before,
                              std::string_view after, std::string_view path = {},
                              std::string_view format = {});

}  // namespace orch::tasks
