#pragma once
// A task file as a run takes it: its items, and the units made of them.
#include "tasks/conventions/reader.hpp"
#include "tasks/source/source.hpp"
#include "tasks/units/units.hpp"

#include <string_view>
#include <vector>

namespace orch::tasks {

struct TaskFile {
  ReadFile read;
  ItemLinks links;
  Units units;

  /// All that is wrong with the file or doubtful in it, in the order of its lines.
  std::vector<Problem> problems() const;
  /// The units, and these problems.
  TaskList list() const;
  /// The unit called so, or the one that has the item called so in it; nullptr: none. In any case.
  const Unit* unit_with(std::string_view id) const;
};

/// `format` names a reader; empty: the surest one. A folder of tasks has the format of its files.
TaskFile read_task_file(const Loaded& loaded, std::string_view format, UnitRule rule,
                        OrderRule order = OrderRule::Strict);

std::string_view name_of(Standing standing);

}  // namespace orch::tasks
