#pragma once
// One task a file with front matter: ccpm's `.claude/epics/<epic>/<number>.md`, whose id is the
// name of the file, and the plain files people write in the same way.
#include "tasks/model/item.hpp"
#include "tasks/text/yaml_front.hpp"

namespace orch::tasks {

bool is_ccpm_epic(const FrontMatter& front);
bool is_ccpm_task(const FrontMatter& front);
/// It has fields that only tasks have.
bool is_front_task(const FrontMatter& front);
/// These are also on top of plans and other documents.
bool has_status_and_priority(const FrontMatter& front);
bool has_status(const FrontMatter& front);

Reading read_ccpm(const Source& source);

}  // namespace orch::tasks
