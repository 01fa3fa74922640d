#pragma once
// Status and priority of a task that is a record (JSON, YAML), where tools have words of their own.
#include "tasks/model/item.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace orch::tasks {

/// "in-progress", "Done", "blocked" (still to be done: what it waits for is said elsewhere).
/// Nothing if the word is not known: the caller must not take that for open.
std::optional<Standing> standing_of_record(std::string_view word);

/// "review", "in-review": the work is there, and somebody has to look at it. Why such a task is not
/// simply begun again; empty: the word is another one.
std::string review_doubt(std::string_view word, int line);

/// "high", "P1", "must-have", "deferred".
std::optional<Priority> priority_of_record(std::string_view word);

/// What a tool writes that writes this word into a status that is not done: "completed" for
/// "pending", "DONE" for "TODO".
std::string done_word_for_record(std::string_view word);

}  // namespace orch::tasks
