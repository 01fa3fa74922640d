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

}  // namespace

Detection detect_ccpm(const Source& source) {
  const FrontMatter front = front_matter_of(source.text);
  const bool has_name = front.has("name") || front.has("title") || front.has("id");
  const YamlField* status = front.find("status");
  if (!has_name || status == nullptr) return {};
  if (is_epic(front)) return {95, "its front matter is that of an epic"};
  if (front.has("name") && has_any(front, kCcpmKeys))
    return {95, "its front matter is that of a ccpm task"};
  if (has_any(front, kTaskKeys)) return {85, "its front matter has the fields of a task"};
  // From here on a list of tasks with ids, or even one of boxes, says more about the file.
  if (!standing_of_record(status->text())) return {};
  if (front.has("priority")) return {60, "its front matter has the fields of a task"};
  return {35, "its front matter has a status"};
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
