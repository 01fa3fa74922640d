#pragma once
// The board at one size of terminal, as lines of styled text. Only what is visible is made.
#include "dashboard/board.hpp"
#include "dashboard/line.hpp"
#include "dashboard/view.hpp"

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace orch::dashboard {

struct Frame {
  Size size;
  std::vector<Line> lines;    ///< as many as there are rows, none wider than the columns
  std::vector<TaskId> tasks;  ///< for each line the task that it is about; empty: none
  std::size_t list_rows = 0;  ///< that the list has
  /// The column of the last line where the user types; nothing: no text is typed.
  std::optional<std::size_t> cursor;
};

/// The view with its selection and its scrolling within what there is.
View settled(View view, const Board& board, const Moment& moment, Size size);

/// `view` is settled at that size.
Frame frame_of(const Board& board, const View& view, const Moment& moment, Size size);

/// The events that are known, and the end of the run once it is over.
std::vector<std::string> all_events(const Board& board);

/// The first line of the page at which its end is on the screen.
std::size_t last_top(const Page& page, Size size);

}  // namespace orch::dashboard
