#pragma once
// The task-file conventions: one reader each, behind one table.
#include "orch/core/task.hpp"
#include "tasks/model/item.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace orch::tasks {

/// A convention. `read` is pure and takes any UTF-8 text without NUL bytes; it reports what is
/// wrong in its problems and goes on. To add one: a file, a row here, and the rows in detect.cpp
/// that recognise it.
struct Reader {
  std::string_view name;
  Reading (*read)(const Source& source);
};

std::span<const Reader> readers();
/// By name; nullptr if there is none.
const Reader* find_reader(std::string_view name);

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

/// The whole way: check_text, the convention that fits (or the one called `format`), its items,
/// duplicate ids, and an error if there is no item. Problems are in the order of their lines.
ReadFile read_items(const Source& source, std::string_view format = {});

}  // namespace orch::tasks
