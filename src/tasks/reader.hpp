#pragma once
// The task-file conventions: one reader each, behind one table.
#include "orch/core/task.hpp"
#include "tasks/mark.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace orch::tasks {

/// How sure a reader is that a text is of its convention.
struct Detection {
  int confidence = 0;  ///< 0: not mine, 100: nothing else is possible
  std::string reason;  ///< "it has checkboxes"
};

/// A convention. All functions are pure and take any UTF-8 text without NUL bytes; `read` reports
/// what is wrong in its problems and goes on. To add a convention: one file, one row in readers().
struct Reader {
  std::string_view name;
  /// `path` is as the person gave it and may be empty; it is a hint, never opened.
  Detection (*detect)(std::string_view text, std::string_view path);
  TaskList (*read)(std::string_view text);
  /// The marks of the same tasks, in the order of the text.
  std::vector<Mark> (*marks)(std::string_view text);
};

std::span<const Reader> readers();
/// By name; nullptr if there is none.
const Reader* find_reader(std::string_view name);
/// The reader that is surest, the earlier one in the table among equals; never nullptr: what nobody
/// claims is read as "markdown", which then says that it has no tasks.
const Reader* reader_for(std::string_view text, std::string_view path, std::string* reason);

/// Larger files are refused unread. (read_file's own limit is lower.)
inline constexpr std::size_t kLargestFile = 100'000'000;

/// Is it a text at all? An error for what is empty, larger than kLargestFile, binary or not UTF-8.
std::vector<Problem> check_text(std::string_view text);

/// The whole way: check_text, the surest reader (or the one called `format`), its tasks, duplicate
/// ids, and an error if there is no task. Problems are in the order of their lines.
TaskList read_tasks(std::string_view text, std::string_view path = {},
                    std::string_view format = {});

}  // namespace orch::tasks
