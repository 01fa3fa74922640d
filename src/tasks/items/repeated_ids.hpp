#pragma once
// Ids that occur twice: a task told again, numbers that begin again in each section, or a mistake.
#include "tasks/items/drafts.hpp"

#include <vector>

namespace orch::tasks {

/// Drops the second of two drafts with one id and one title (done if either is), and gives numbers
/// that begin again the name of their section: "Phase 2/1". What is left has the same id and says
/// something else: read_items() complains about it.
void settle_repeated_ids(const Document& document, std::vector<Draft>& drafts,
                         std::vector<Problem>& problems);

}  // namespace orch::tasks
