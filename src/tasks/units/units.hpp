#pragma once
// From items to units: what one agent gets. One agent for each checkbox is too small a piece in
// most files; a story, a major item with its children or a task with a heading is about right.
#include "orch/config/unit_rule.hpp"
#include "orch/core/task.hpp"
#include "tasks/model/item.hpp"
#include "tasks/units/links.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orch::tasks {

/// How the last line of the text of a unit with several parts begins.
inline constexpr std::string_view kHowToNameParts = "When only some of the parts are done";

struct Unit {
  TaskSpec spec;
  std::string why;           ///< "2 and its 3 children", "the items of 'Phase 3: Export'"
  std::vector<int> members;  ///< indices of items: what is to be done in it
};

struct Units {
  UnitRule rule = UnitRule::Task;  ///< never Auto
  std::string why;                 ///< why that one, when it was chosen
  std::vector<Unit> units;         ///< in the order of the file
  std::vector<int> unit_of;        ///< of each item; -1: it is in none
  std::vector<Problem> problems;   ///< cycles, splits, what is not started and why

  std::vector<TaskSpec> specs() const;
};

/// Edges between items become edges between units: `depends` what the file says, `after` what the
/// format implies. A unit that would wait for one which waits for it is split. Linear in items,
/// edges and the size of what the groups imply, which is bounded. By OrderRule::Stated nothing is
/// implied; what must not run at once stays so.
Units make_units(const Reading& reading, const ItemLinks& links, UnitRule rule,
                 OrderRule order = OrderRule::Strict);
Units make_units(const Reading& reading, UnitRule rule, OrderRule order = OrderRule::Strict);

/// How many units there would be by that rule.
std::size_t count_units(const Reading& reading, const ItemLinks& links, UnitRule rule);

}  // namespace orch::tasks
