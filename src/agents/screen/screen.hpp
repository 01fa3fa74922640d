#pragma once
// The screen of an agent as it was captured: rows of plain text and what tmux knows besides.
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace orch {

struct Screen {
  std::vector<std::string> rows;  ///< from the top, without escape sequences
  std::string title;              ///< of the pane
  bool dead = false;              ///< the pane's process has ended
  int cursor_row = -1;            ///< from 0; -1: not known
  int cursor_column = -1;
};

/// Rows of what `tmux capture-pane -p` prints, with or without `-e`. Escape sequences and other
/// control bytes are left out. No terminal has more than 1000 rows of 4096 bytes: of more, the last
/// rows and the first bytes are kept, so that hostile input costs no more than a screen.
Screen screen_of(std::string_view capture);

/// One row without its escape sequences and control bytes.
std::string plain_row(std::string_view row);

/// The row without these signs, such as the sides of a frame or a pointer, and the spaces around
/// it, as often as one begins or ends it.
std::string_view stripped(std::string_view row, std::span<const std::string_view> front,
                          std::span<const std::string_view> back);

}  // namespace orch
