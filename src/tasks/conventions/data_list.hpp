#pragma once
// JSON or YAML that holds tasks as records: {"userStories": [..]}, {"features": [..]}, a bare list,
// {"phases": [{"tasks": [..]}]}, or one task.
//
// Fields go by their usual names (record_fields.hpp). `passes: true` and the like say that a task
// is done and are what is ticked, else the word in `status`. Numbers as priorities are levels from
// 0 to 4; beyond that, and for user stories always, they are the order of the work, 1 first.
#include "tasks/model/item.hpp"

#include <string_view>

namespace orch::tasks {

/// `{` or a list of such, after a byte order mark and blanks.
bool begins_like_json(const Source& source);
Reading read_json(const Source& source);

/// By its name: .yaml or .yml.
bool is_yaml_name(std::string_view path);
bool is_yaml_file(const Source& source);
Reading read_yaml_file(const Source& source);

}  // namespace orch::tasks
