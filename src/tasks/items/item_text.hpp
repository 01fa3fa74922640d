#pragma once
// What stands below the first line of a task: its body, its script and its fields.
#include "tasks/items/drafts.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace orch::tasks {

struct FieldValue {
  FieldKind kind = FieldKind::None;
  std::string value;
  std::size_t offset = 0;  ///< of the value in the text, for a status
  std::size_t length = 0;  ///< 0: it cannot be written back
  int line = 0;
};

/// What the text says of the task, for those who look at all tasks together.
struct Stated {
  std::vector<FieldValue> fields;
  std::vector<std::string> prose;  ///< lines that begin with "depends on" and the like
};

struct ItemText {
  std::string body;
  std::string script;
  Stated stated;
  std::vector<Problem> problems;  ///< names that are nearly those of fields, in our own form
};

/// Without blank lines at both ends; a first line keeps its indentation.
std::string_view without_blank_ends(std::string_view text);

/// The lines of a draft that belong to no draft inside it.
ItemText text_of(const Document& document, const std::vector<Draft>& drafts, std::size_t index,
                 FieldUse use);

/// Writes a field into its item; dependencies are left to the caller.
void apply_field(Item& item, const FieldValue& field);
/// The same for our own form, whose values are lists; says what is wrong with one.
void apply_own_field(Item& item, const FieldValue& field, std::vector<Problem>& problems);

/// The paths in a first line.
std::vector<std::string> paths_of_title(std::string_view title);

/// "(high priority)" or "[P1]" in a title.
std::optional<Priority> priority_in_title(std::string_view title);

/// `[x] ` before the words of a heading, or the tick that stands there.
Mark mark_of_heading(const Document& document, const Draft& draft);

/// "done" in the way the other value is written: "DONE" for "OPEN", "completed" for "pending".
std::string done_word_for(std::string_view value);

}  // namespace orch::tasks
