#pragma once
// What the items of a text say about each other.
#include "tasks/items/item_text.hpp"

#include <vector>

namespace orch::tasks {

/// Fills `depends`, `after` and `conflicts` of the items with what the file says, by fields, in
/// prose and anywhere in the text. `drafts` and `stated` are those of the items, one for each.
void add_dependencies(const Document& document, const std::vector<Draft>& drafts,
                      const std::vector<Stated>& stated, const DraftRules& rules, Reading& reading);

}  // namespace orch::tasks
