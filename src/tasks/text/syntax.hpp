#pragma once
// The syntax of one line: boxes and ids.
#include <optional>
#include <string_view>

namespace orch::tasks {

/// `[ ]`, `[x]` or `[X]` and the text after it.
struct Box {
  bool done = false;
  std::string_view rest;  ///< trimmed
};

/// A box must be followed by white space or the end of the line.
std::optional<Box> box_at(std::string_view text);

/// Does a line look like a list item with a box, whatever stands around it?
bool looks_like_box(std::string_view line);

/// How an id is written decides how far it is trusted.
enum class IdForm {
  None,
  Bare,    ///< `T1 title`: capitals, then numbers; an id only if the file writes such ids
  Label,   ///< `**auth**: title`: bold, no digit, a colon; an id only if it is the only one
  Strong,  ///< `T1: title`, `**T1** title`, `#auth title`
};

/// Views on the words.
struct IdAndTitle {
  IdForm form = IdForm::None;
  std::string_view id;
  /// The rest; the id itself if nothing is left. Of `**T1: x** y` it is `x** y`.
  std::string_view title;
};

/// Splits the words of a task. A token is a letter, then letters, digits, `_`, `.`, `-`; its final
/// dots do not belong to it. It is an id when
///  - it contains a digit and a colon follows (`T1: title`, `api-2:`),
///  - it is bold and contains a digit, or is bold and a colon follows (`**T1** x`, `**auth**: x`,
///    `**T1:** x`, `**T1: x**`),
///  - a `#` stands before it (`#auth title`, `#12 title`),
///  - it is capitals and numbers (`T1 x`, `API-12 x`, `T007.1 x`, `T016b - x`).
/// P0 to P9 are priorities, not ids.
IdAndTitle split_id(std::string_view words);

/// The capitals an id of the Bare form begins with: "T" of "T12".
std::string_view letters_of(std::string_view id);

}  // namespace orch::tasks
