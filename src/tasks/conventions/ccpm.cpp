// Tells a task's front matter from a document's.
#include "tasks/conventions/ccpm.hpp"

#include "tasks/conventions/front_task.hpp"
#include "tasks/items/record_status.hpp"

#include <algorithm>
#include <array>

namespace orch::tasks {

namespace {

bool has_any(const FrontMatter& front, const auto& keys) {
  return std::ranges::any_of(keys, [&front](std::string_view key) { return front.has(key); });
}

// Only tasks have these; what follows is also on top of plans and other documents.
constexpr std::array<std::string_view, 3> kCcpmKeys{"depends_on", "parallel", "conflicts_with"};
constexpr std::array<std::string_view, 6> kTaskKeys{"id",         "depends_on", "dependencies",
                                                    "blocked_by", "depends",    "conflicts_with"};

bool has_name_and_status(const FrontMatter& front) {
  return front.find("status") != nullptr &&
         (front.has("name") || front.has("title") || front.has("id"));
}

bool has_known_status(const FrontMatter& front) {
  return has_name_and_status(front) && standing_of_record(front.find("status")->text);
}

}  // namespace

bool is_ccpm_epic(const FrontMatter& front) {
  return has_name_and_status(front) && is_epic(front);
}

bool is_ccpm_task(const FrontMatter& front) {
  return has_name_and_status(front) && front.has("name") && has_any(front, kCcpmKeys);
}

bool is_front_task(const FrontMatter& front) {
  return has_name_and_status(front) && has_any(front, kTaskKeys);
}

bool has_status_and_priority(const FrontMatter& front) {
  return has_known_status(front) && front.has("priority");
}

bool has_status(const FrontMatter& front) {
  return has_known_status(front);
}

Reading read_ccpm(const Source& source) {
  const FrontMatter front = front_matter_of(source.text);
  if (is_epic(front)) {
    return {
        .problems = {{Severity::Error, 1, 0, "this is an epic: its tasks are files of their own",
                      "name the folder that it lies in"}}};
  }
  const StatusValues ccpm{"closed", "open"};
  const StatusValues plain{"done", "todo"};
  return front_task(source, front, front.has("name") ? ccpm : plain);
}

}  // namespace orch::tasks
