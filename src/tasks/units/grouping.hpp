#pragma once
// Which items belong together: the first step from items to units.
#include "orch/config/unit_rule.hpp"
#include "tasks/model/item.hpp"
#include "tasks/units/links.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace orch::tasks {

/// One unit before it has edges and a text.
struct Bundle {
  int root = -1;             ///< the item whose children it holds, or the only item
  int group = -1;            ///< or the group whose items it holds
  int part = 1;              ///< of a unit that was split
  std::vector<int> members;  ///< in the order of the file; what is to be done
  std::vector<int> context;  ///< done, optional or cancelled: for the text only
  bool is_done = false;
  std::string withheld;
  bool human = false;  ///< withheld as it is for a person
  std::string doubt;   ///< withheld until the user says
};

struct Bundles {
  UnitRule rule = UnitRule::Task;
  std::string why;
  std::vector<Bundle> bundles;
  std::vector<int> bundle_of;  ///< of each item, also of those in a context
};

Bundles bundles_of(const Reading& reading, const ItemLinks& links, UnitRule rule);

}  // namespace orch::tasks
