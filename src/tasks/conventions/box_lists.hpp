#pragma once
// What the readers of lists with boxes share: which boxes may be tasks.
#include "tasks/conventions/reader.hpp"
#include "tasks/items/drafts.hpp"
#include "tasks/items/order.hpp"

#include <functional>
#include <string_view>
#include <vector>

namespace orch::tasks {

/// All boxes that may be tasks: not quoted, with words, and no criterion of another task. What is
/// left out is noted.
std::vector<Draft> box_drafts(const Document& document, Skipped& skipped);

/// Takes the drafts of all boxes down to those that are tasks of a convention.
using Choose = std::function<void(const Document&, std::vector<Draft>&, Skipped&)>;
/// The items of a list of boxes, with notes on what was left out.
Reading read_boxes(const Document& document, const DraftRules& rules, const Choose& choose);

/// Drops ids that only look like some: "S3" or "404" in a list where few others have such.
void settle_ids(std::vector<Draft>& drafts);

/// How many of the drafts have an id for which `test` holds.
std::size_t count_ids(const std::vector<Draft>& drafts,
                      const std::function<bool(const TaskWords&)>& test);

/// Leaves out drafts without an id inside one that has a real one: steps of it; and those in
/// sections of checks, if most drafts have ids.
void drop_steps(const Document& document, std::vector<Draft>& drafts, Skipped& skipped);

}  // namespace orch::tasks
