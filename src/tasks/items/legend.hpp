#pragma once
// What a file itself says its marks mean: "`[~]` in progress".
#include "tasks/items/drafts.hpp"

#include <vector>

namespace orch::tasks {

/// Sets the standing of boxes whose mark says nothing by itself, where the file explains it, and
/// which mark it has for what failed: "`[!]` failed".
void apply_legend(const Document& document, std::vector<Draft>& drafts);

/// Sets it for boxes with this mark, which the convention explains: "~".
void set_meaning(const Document& document, std::vector<Draft>& drafts, std::string_view mark,
                 Standing standing);

}  // namespace orch::tasks
