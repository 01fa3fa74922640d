#pragma once
// A folder with one task in each file, read as one list.
//
// Ids are those of the front matter or the heading, else the names of the files. What a task
// depends on is found in any case, without leading zeros, by the name of the file and by its number
// alone, if only one file has that. Where some files have front matter, those without are no tasks.
#include "tasks/model/item.hpp"

#include <span>
#include <string>
#include <vector>

namespace orch::tasks {

struct NamedText {
  std::string name;  ///< relative to the folder
  std::string text;
};

struct FolderReading {
  std::string format;  ///< the reader of most files: "backlog", "ccpm", "folder"
  std::string reason;
  /// Items in the order of the files; lines and marks are within `Item::file`. A problem's message
  /// begins with its file. Ids that occur twice are among the errors.
  Reading reading;
};

FolderReading read_folder(std::span<const NamedText> files);

/// README.md, epic.md, 12-analysis.md: such a file describes tasks and is none.
bool is_no_task_file(std::string_view name);

}  // namespace orch::tasks
