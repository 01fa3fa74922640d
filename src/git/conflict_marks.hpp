#pragma once
// Marks that git writes into a file where two sides conflict.
#include <string_view>

namespace orch::git {

/// A line that begins a conflict and, after it, one that ends it.
bool has_conflict_marks(std::string_view text);

}  // namespace orch::git
