// Tells a file of Backlog.md by the keys of its front matter.
#include "tasks/conventions/backlog.hpp"

#include "tasks/conventions/front_task.hpp"

#include <algorithm>
#include <array>

namespace orch::tasks {

bool is_backlog_task(const FrontMatter& front) {
  constexpr std::array<std::string_view, 8> kOwnKeys{
      "dependencies", "assignee",  "created_date", "parent_task_id",
      "ordinal",      "milestone", "updated_date", "modified_files"};
  return front.has("id") && front.has("status") && front.has("title") &&
         std::ranges::any_of(kOwnKeys, [&front](std::string_view key) { return front.has(key); });
}

Reading read_backlog(const Source& source) {
  return front_task(source, front_matter_of(source.text), {"Done", "To Do"});
}

}  // namespace orch::tasks
