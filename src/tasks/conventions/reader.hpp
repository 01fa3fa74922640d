#pragma once
// The task-file conventions: one reader each, behind one table.
#include "orch/core/task.hpp"
#include "tasks/model/item.hpp"

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

/// A convention. Both functions are pure and take any UTF-8 text without NUL bytes; `read` reports
/// what is wrong in its problems and goes on. To add a convention: one file, one row in readers().
struct Reader {
  std::string_view name;
  Detection (*detect)(const Source& source);
  Reading (*read)(const Source& source);
};

std::span<const Reader> readers();
/// By name; nullptr if there is none.
const Reader* find_reader(std::string_view name);
/// The reader that is surest, the earlier one in the table among equals; never nullptr: what nobody
/// claims is read as "markdown", which then says that it has no tasks.
const Reader* reader_for(const Source& source, std::string* reason);

/// Larger files are refused unread. (read_file's own limit is lower.)
inline constexpr std::size_t kLargestFile = 100'000'000;

/// Is it a text at all? An error for what is empty, larger than kLargestFile, binary or not UTF-8.
std::vector<Problem> check_text(std::string_view text);

/// One file and how it was read.
struct ReadFile {
  std::string format;  ///< the reader's name; empty: it was not read at all
  std::string reason;  ///< why that one was taken
  Reading reading;
};

/// The whole way: check_text, the surest reader (or the one called `format`), its items, duplicate
/// ids, and an error if there is no item. Problems are in the order of their lines.
ReadFile read_items(const Source& source, std::string_view format = {});

}  // namespace orch::tasks
