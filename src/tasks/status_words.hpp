#pragma once
// The words people write for how far a task is and how urgent, in several languages.
#include "tasks/item.hpp"

#include <optional>
#include <string_view>

namespace orch::tasks {

/// "In Progress", "in-progress", "wontfix", "erledigt"; ASCII letters in any case, `-` and `_` as
/// blanks. Nothing if the word is not known: the caller must not take that for open.
std::optional<Standing> standing_of(std::string_view word);

/// "high", "P1", "alta", "kritisch".
std::optional<Priority> priority_of(std::string_view word);

}  // namespace orch::tasks
