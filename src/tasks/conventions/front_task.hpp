#pragma once
// One task from one Markdown file with front matter: what Backlog.md, ccpm and plain folders share.
#include "tasks/conventions/record_task.hpp"
#include "tasks/model/item.hpp"
#include "tasks/text/yaml_front.hpp"

#include <string>
#include <string_view>

namespace orch::tasks {

/// The task and what is wrong with its front matter. Its id is the field's, else the file's name;
/// its body is the text below. A box there is no task, which a note says. `id` is one that is found
/// elsewhere.
Reading front_task(const Source& source, const FrontMatter& front, const StatusValues& values,
                   std::string_view id = {});

/// Does the front matter describe a group of tasks?
bool is_epic(const FrontMatter& front);

/// "back-12 - Export.md" -> "back-12", "007.md" -> "007", "tasks/add-cache.md" -> "add-cache",
/// "06-15-cache/task.json" -> "06-15-cache".
std::string id_of_file(std::string_view path);

}  // namespace orch::tasks
