#pragma once
// The first line of a task taken apart: id, tags, inline fields, title.
#include "tasks/text/words.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orch::tasks {

enum class IdStyle : std::uint8_t {
  None,
  Number,  ///< `1. title`, `2.1 title`
  Word,    ///< `Task 3: title`, `Step 0.1 - title`
  Bare,    ///< `T001 title`, `API-12 - title`
  Strong,  ///< `T1: title`, `**T1** title`, `#T1 title`, `[T1] title`
  Label,   ///< `**auth**: title`
};

/// `[depends: T1]`, `(owner: x)`.
struct InlineField {
  FieldKind kind = FieldKind::None;
  std::string value;
};

struct TaskWords {
  IdStyle style = IdStyle::None;
  bool optional = false;
  bool bold_title = false;       ///< the id stands inside the bold of the title
  bool in_link = false;          ///< the id stands inside the words of a link
  std::optional<bool> parallel;  ///< [P], (P)
  std::optional<Priority> priority;
  std::optional<Standing> standing;  ///< a tick in front, or struck out
  std::string id;
  std::string title;
  std::string_view whole;            ///< the line: the title as it would be without an id
  std::string_view from_title;       ///< the line from the title on, tags included
  std::vector<std::string> stories;  ///< "US1"
  std::vector<std::string> tags;     ///< "@name", "[BACKEND]"
  std::vector<InlineField> fields;
};

/// `line` is trimmed and without bullet and box. It must outlive the result.
TaskWords task_words(std::string_view line);

/// Takes the id back: it only looked like one.
void drop_id(TaskWords& words);

}  // namespace orch::tasks
