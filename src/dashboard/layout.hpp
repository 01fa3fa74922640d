#pragma once
// Who gets how many rows and columns of the terminal.
#include "dashboard/view.hpp"

#include <cstddef>

namespace orch::dashboard {

/// Rows, from above. What has none is left out.
struct Layout {
  std::size_t header = 1;
  std::size_t notices = 0;
  std::size_t needs = 0;
  std::size_t list = 1;  ///< under a line with the names of its columns
  std::size_t pane = 0;  ///< with its title
};

/// How many lines each would fill.
struct Wanted {
  std::size_t notices = 0;
  std::size_t needs = 0;
  std::size_t list = 0;
  std::size_t pane = 0;        ///< with its title
  std::size_t pane_least = 0;  ///< of these, what the list may not take, as far as there is room
};

Layout layout_of(std::size_t rows, const Wanted& wanted);

/// The widths of the list's columns; 0: there is no such column.
struct Columns {
  std::size_t id = 4;
  std::size_t state = 11;
  std::size_t worker = 0;
  std::size_t agent = 0;
  std::size_t percent = 0;
  std::size_t bar = 0;
  std::size_t elapsed = 0;
  std::size_t used = 0;
  std::size_t title = 0;
  std::size_t what = 0;  ///< why, or what was printed last; the title where that has no column
};

Columns columns_of(const Board& board, std::size_t width);

}  // namespace orch::dashboard
