// Tells a file of Backlog.md by the keys of its front matter.
#include "tasks/conventions/backlog.hpp"

#include "tasks/conventions/front_task.hpp"

#include <algorithm>
#include <array>

namespace orch::tasks {

Detection detect_backlog(const Source& source) {
  constexpr std::array<std::string_view, 8> kOwnKeys{
      "dependencies", "assignee",  "created_date", "parent_task_id",
      "ordinal",      "milestone", "updated_date", "modified_files"};
  const FrontMatter front = front_matter_of(source.text);
  if (!front.has("id") || !front.has("status") || !front.has("title")) return {};
  const bool is_own =
      std::ranges::any_of(kOwnKeys, [&front](std::string_view key) { return front.has(key); });
  if (!is_own) return {};
  return {95, "its front matter is that of a Backlog.md task"};
}

Reading read_backlog(const Source& source) {
  return front_task(source, front_matter_of(source.text), {"Done", "To Do"});
}

}  // namespace orch::tasks
