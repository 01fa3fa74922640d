// Puts the steps from a text to units together.
#include "tasks/source/task_file.hpp"

#include "orch/base/text.hpp"

#include <algorithm>
#include <utility>

namespace orch::tasks {

std::vector<Problem> TaskFile::problems() const {
  std::vector<Problem> all = read.reading.problems;
  all.insert(all.end(), units.problems.begin(), units.problems.end());
  std::ranges::stable_sort(all, {}, &Problem::line);
  return all;
}

TaskList TaskFile::list() const {
  return {
      .format = read.format, .reason = read.reason, .tasks = units.specs(), .problems = problems()};
}

const Unit* TaskFile::unit_with(std::string_view id) const {
  const std::string wanted = lower(id);
  for (const Unit& unit : units.units)
    if (lower(unit.spec.id.value) == wanted) return &unit;
  for (std::size_t i = 0; i < read.reading.items.size(); ++i) {
    if (lower(read.reading.items[i].id) != wanted || units.unit_of[i] < 0) continue;
    return &units.units[static_cast<std::size_t>(units.unit_of[i])];
  }
  return nullptr;
}

TaskFile read_task_file(const Loaded& loaded, std::string_view format, UnitRule rule,
                        OrderRule order) {
  TaskFile file;
  if (loaded.is_folder) {
    FolderReading folder = read_folder(loaded.files);
    file.read = {std::move(folder.format), std::move(folder.reason), std::move(folder.reading)};
  } else {
    file.read = read_items({loaded.text, loaded.path.native()}, format);
  }
  file.links = links_of(file.read.reading);
  file.units = make_units(file.read.reading, file.links, rule, order);
  return file;
}

std::string_view name_of(Standing standing) {
  switch (standing) {
    case Standing::Open: return "open";
    case Standing::InProgress: return "in progress";
    case Standing::Done: return "done";
    case Standing::Cancelled: return "cancelled";
    case Standing::Deferred: return "deferred";
    case Standing::Held: return "held";
  }
  return "";
}

}  // namespace orch::tasks
