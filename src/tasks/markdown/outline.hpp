#pragma once
// The blocks of a Markdown text that matter for tasks, with their lines.
#include "orch/core/task.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace orch::tasks {

/// Lines are counted from 1; the offset is of a byte of the text.
struct Block {
  enum class Kind : std::uint8_t {
    Box,       ///< a list item that begins with `[`; offset: of that bracket
    Bullet,    ///< any other list item with text; offset: of its first word
    Heading,   ///< `# ..` or text over a line of signs, not in anything; offset: of its words
    Fence,     ///< a fenced code block, its fences included
    Indented,  ///< an indented code block
    Comment,   ///< a HTML comment that stands alone
    Html,      ///< any other HTML block
  };

  Kind kind = Kind::Box;
  bool quoted = false;  ///< inside a block quote
  std::uint8_t level = 0;
  int first_line = 0;
  int last_line = 0;  ///< blank lines at its end left out
  std::uint32_t offset = 0;

  bool operator==(const Block&) const = default;
};

/// A view on a text: it must outlive the outline.
class Outline {
 public:
  /// Lines end at LF or CRLF; a byte order mark belongs to no line. At most 4 GB.
  explicit Outline(std::string_view text);

  int line_count() const { return static_cast<int>(starts_.size()); }

  /// Without its end.
  std::string_view line(int number) const;
  std::size_t line_start(int number) const;
  int line_of(std::size_t offset) const;
  std::size_t offset_of(std::string_view part) const;

  std::string_view text() const { return text_; }

  /// In the order of their first lines.
  std::vector<Block> blocks;
  /// Fences and comments that never end, and blocks too large to be read.
  std::vector<Problem> problems;

 private:
  std::string_view text_;
  std::vector<std::uint32_t> starts_;
};

/// Reads the blocks with cmark, a megabyte at a time, so that memory stays small. A fence or a
/// comment outside a list that is never closed is taken for plain text, with a warning: a stray
/// ``` must not swallow the tasks below it. A single block larger than 4 MB is an error.
Outline outline_of(std::string_view text);

}  // namespace orch::tasks
