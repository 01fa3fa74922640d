// Looks --only up in the task file.
#include "cli/chosen_tasks.hpp"

#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orch::cli {
namespace {

/// Ids that the word could be a slip of, or the first ones of the file.
std::string hint_for(const tasks::TaskFile& file, const std::string& word) {
  constexpr std::size_t kNear = 3;
  constexpr std::size_t kShown = 12;
  constexpr std::size_t kSearched = 10'000;
  std::vector<std::string> ids;
  for (const tasks::Unit& unit : file.units.units)
    ids.push_back(unit.spec.id.value);
  const std::size_t units = ids.size();
  for (std::size_t i = 0; i < file.read.reading.items.size(); ++i) {
    const std::string& id = file.read.reading.items[i].id;
    if (file.units.unit_of[i] >= 0 && std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
    if (ids.size() > kSearched) break;
  }
  std::vector<std::string> left = ids;
  std::vector<std::string> near;
  while (near.size() < kNear) {
    const std::string next = nearest(word, left);
    if (next.empty()) break;
    near.push_back(fmt::format("'{}'", one_line(next, 40)));
    std::erase(left, next);
  }
  if (!near.empty()) return fmt::format("did you mean {}?", join(near, " or "));
  std::vector<std::string> first;
  for (std::size_t i = 0; i < std::min(units, kShown); ++i)
    first.push_back(one_line(ids[i], 40));
  return fmt::format("tasks: {}{}", join(first, ", "), units > kShown ? ", ..." : "");
}

}  // namespace

Result<std::vector<TaskId>> chosen_tasks(const tasks::TaskFile& file,
                                         const std::vector<std::string>& words) {
  std::vector<TaskId> chosen;
  for (const std::string& word : words) {
    const tasks::Unit* unit = file.unit_with(word);
    if (unit == nullptr) {
      return hinted(
          fail(Fault::BadInput, "--only names {}, and there is no such task", one_line(word, 80)),
          hint_for(file, word));
    }
    const TaskId& id = unit->spec.id;
    if (std::ranges::find(chosen, id) == chosen.end()) chosen.push_back(id);
  }
  return chosen;
}

}  // namespace orch::cli
