// Who gets how much of the terminal.
#include "dashboard/layout.hpp"

#include <algorithm>

namespace orch::dashboard {
namespace {

constexpr std::size_t kGap = 2;  // between two columns
constexpr std::size_t kMark = 2;

/// Takes a column and its gap from what is left, if the terminal has the width for it.
std::size_t take(std::size_t& left, std::size_t columns, bool wanted) {
  if (!wanted || columns == 0 || left < columns + kGap) return 0;
  left -= columns + kGap;
  return columns;
}

}  // namespace

Layout layout_of(std::size_t rows, const Wanted& wanted) {
  constexpr std::size_t kTwoLinesOfHeader = 14;
  constexpr std::size_t kLeastForPane = 6;
  constexpr std::size_t kNamesAndKeys = 2;
  constexpr std::size_t kSmallestPane = 2;
  Layout layout;
  layout.header = rows < kTwoLinesOfHeader ? 1 : 2;
  layout.notices = std::min(wanted.notices, std::max<std::size_t>(1, rows / 6));
  layout.needs = std::min(wanted.needs, std::max<std::size_t>(1, rows / 5));
  const std::size_t taken = layout.header + layout.notices + layout.needs + kNamesAndKeys;
  const std::size_t left = rows > taken ? rows - taken : 1;
  layout.list = left;
  if (left < kLeastForPane) return layout;
  // The list has what it needs and leaves the pane that much; the pane has all that is left.
  const std::size_t least = std::min(wanted.pane_least, left * 2 / 3);
  const std::size_t list = std::min(std::max<std::size_t>(1, wanted.list), left - least);
  if (left - list < kSmallestPane) return layout;
  layout.list = list;
  layout.pane = left - list;
  return layout;
}

Columns columns_of(const Board& board, std::size_t width) {
  Columns columns;
  const bool narrow = width < 60;
  columns.id = std::clamp<std::size_t>(board.id_columns, 4, narrow ? 12 : 24);
  std::size_t left = width - std::min(width, kMark + columns.id + kGap + columns.state + kGap);
  columns.elapsed = take(left, 7, !narrow);
  columns.agent = take(left, 8, width >= 80);
  columns.worker = take(left, std::clamp<std::size_t>(board.worker_columns, 6, 12),
                        width >= 100 && board.worker_columns > 0);
  columns.used = take(left, std::min<std::size_t>(board.used_columns, 12), width >= 90);
  columns.bar = take(left, 10, width >= 120);
  columns.percent = take(left, 4, width >= 80);
  columns.what = left;
  constexpr std::size_t kEnoughForTwo = 40;
  if (left < kEnoughForTwo) return columns;
  columns.title = left * 2 / 5;
  columns.what = left - columns.title - kGap;
  return columns;
}

}  // namespace orch::dashboard
