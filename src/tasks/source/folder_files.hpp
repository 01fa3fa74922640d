#pragma once
// Which files of a folder are its tasks, by their names.
#include <string>
#include <string_view>
#include <vector>

namespace orch::tasks {

/// May this file of the folder, or of a folder in it, be of a task? Names that begin with a dot or
/// an underscore are passed over, and so are other kinds of files.
bool may_be_task_file(std::string_view name);

/// Those that are the tasks, of all that may be, in natural order: a task.json with its texts where
/// there is one in the folder itself; else Markdown files; else YAML; else JSON; else folders
/// with a task.json each.
std::vector<std::string> task_files_of(std::vector<std::string> names);

/// `task.json`, in a folder or not.
bool is_task_record(std::string_view name);

/// `prd.md`: the text of the task whose record lies beside it.
bool is_text_beside(std::string_view name);

}  // namespace orch::tasks
