#pragma once
// The order that a convention gives to a list of tasks.
#include "tasks/model/item.hpp"

#include <string_view>
#include <vector>

namespace orch::tasks {

/// Is it started by itself? An implied order passes over what is optional, deferred, held or for a
/// person.
bool starts_by_itself(const Item& item);

/// Tasks in the order given: one that is not `parallel` waits for all since the last such one.
/// `unsaid` is what one counts as that does not say.
void order_in_runs(std::vector<Item>& items, const std::vector<int>& sequence, std::string_view why,
                   bool unsaid = false);

bool is_stage(const Group& group);

/// Groups that are called "Phase 1", "Phase 2" come one after the other, unless the items
/// themselves say what they wait for.
void order_stages(Reading& reading);

/// The groups that are next below the title of the file and hold items, in order.
std::vector<int> outer_groups(const Reading& reading);
/// For each group the one of `outer` that it lies in; -1: none.
std::vector<int> outer_of_each(const Reading& reading, const std::vector<int>& outer);
/// The items of each outer group, in order; the first list is for those in none.
std::vector<std::vector<int>> items_by_outer(const Reading& reading, const std::vector<int>& outer);

}  // namespace orch::tasks
