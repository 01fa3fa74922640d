#pragma once
// What the plan as text and the plan as JSON share.
#include "orch/core/plan.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace orch::ui {

/// The undone tasks by the number of their group.
std::map<int, std::vector<const PlannedTask*>> groups_of(const Plan& plan);

}  // namespace orch::ui
