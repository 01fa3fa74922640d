#pragma once
// The status of a task that is a record (JSON, front matter), where tools have words of their own.
#include "tasks/model/item.hpp"

#include <optional>
#include <string_view>

namespace orch::tasks {

/// "in-progress", "Done", "blocked" (still to be done: what it waits for is said elsewhere).
/// Nothing if the word is not known: the caller must not take that for open.
std::optional<Standing> standing_of_record(std::string_view word);

}  // namespace orch::tasks
