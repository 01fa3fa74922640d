#include "term/terminal.hpp"

#include "term/size_mark.hpp"

#include <vterm.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <iterator>
#include <utility>

namespace orch::term {
namespace {

constexpr std::array<char32_t, 3> kBlank{U' '};
constexpr std::size_t kMostMarks = 16;
// libvterm puts what it gets at a time on the stack.
constexpr std::size_t kPiece = 256;

void append_utf8(std::string& out, char32_t code) {
  const auto byte = [&out](char32_t value) { out += static_cast<char>(value); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0 | (code >> 6));
    byte(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    byte(0xE0 | (code >> 12));
    byte(0x80 | ((code >> 6) & 0x3F));
    byte(0x80 | (code & 0x3F));
  } else {
    byte(0xF0 | (code >> 18));
    byte(0x80 | ((code >> 12) & 0x3F));
    byte(0x80 | ((code >> 6) & 0x3F));
    byte(0x80 | (code & 0x3F));
  }
}

std::size_t at(int place) {
  return static_cast<std::size_t>(place);
}

}  // namespace

/// What libvterm calls. It is C: nothing may be thrown through it.
struct Terminal::Callbacks {
  static Terminal& self(void* user) { return *static_cast<Terminal*>(user); }

  static int put_glyph(VTermGlyphInfo* info, VTermPos pos, void* user) noexcept {
    std::array<char32_t, kMostMarks + 2> codes{};
    std::size_t count = 0;
    while (count <= kMostMarks && info->chars[count] != 0) {
      codes[count] = info->chars[count];
      ++count;
    }
    self(user).too_many_marks_ = count > kMostMarks;
    self(user).put(pos.row, pos.col, codes.data(), info->width);
    return 1;
  }

  static int scroll_rect(VTermRect rect, int downward, int rightward, void* user) noexcept {
    Terminal& terminal = self(user);
    const int from = std::clamp(rect.start_row, 0, terminal.row_count_);
    const int to = std::clamp(rect.end_row, from, terminal.row_count_);
    if (rightward == 0) {
      terminal.scroll_rows(from, to, downward);
      return 1;
    }
    for (int row = from; row < to; ++row)
      terminal.shift_cells(terminal.rows_[at(row)], rect.start_col, rect.end_col, rightward);
    return 1;
  }

  static int erase(VTermRect rect, int, void* user) noexcept {
    self(user).erase(rect.start_row, rect.end_row, rect.start_col, rect.end_col);
    return 1;
  }

  static int set_property(VTermProp property, VTermValue* value, void* user) noexcept {
    if (property == VTERM_PROP_ALTSCREEN) self(user).choose_alternate(value->boolean != 0);
    return 1;
  }

  /// Called by a reset, which shows the main screen.
  static int reset_pen(void* user) noexcept {
    self(user).choose_alternate(false);
    self(user).left_rows_.clear();
    return 1;
  }

  static VTermStateCallbacks table() {
    VTermStateCallbacks callbacks{};
    callbacks.initpen = reset_pen;
    callbacks.putglyph = put_glyph;
    callbacks.scrollrect = scroll_rect;
    callbacks.erase = erase;
    callbacks.settermprop = set_property;
    return callbacks;
  }
};

Terminal::Terminal() : vterm_(vterm_new(kRows, kColumns), vterm_free), rows_(at(kRows)) {
  static const VTermStateCallbacks callbacks = Callbacks::table();
  vterm_set_utf8(vterm_.get(), 1);
  // Nobody waits for its answers.
  vterm_output_set_callback(
      vterm_.get(), [](const char*, std::size_t, void*) {}, nullptr);
  VTermState* state = vterm_obtain_state(vterm_.get());
  vterm_state_set_callbacks(state, &callbacks, this);
  vterm_state_reset(state, 1);
}

Terminal::~Terminal() = default;

void Terminal::feed(std::string_view bytes) {
  while (const std::optional<FoundSize> found = find_size(bytes)) {
    feed_plain(bytes.substr(0, found->begin));
    resize(found->rows, found->columns);
    bytes.remove_prefix(found->end);
  }
  feed_plain(bytes);
}

/// As tmux does it: what does not fit any more goes out at the top, as far as the cursor stands
/// below the new end. Programs that draw do it all again.
void Terminal::resize(int rows, int columns) {
  VTermPos cursor{};
  vterm_state_get_cursorpos(vterm_obtain_state(vterm_.get()), &cursor);
  const int out = std::clamp(cursor.row + 1 - rows, 0, row_count_);
  for (int i = 0; i < out && !alternate_; ++i)
    scroll_out(rows_[at(i)]);
  rows_.erase(rows_.begin(), rows_.begin() + out);
  rows_.resize(at(rows));
  if (alternate_) main_rows_.resize(at(rows));
  row_count_ = rows;
  columns_ = columns;
  vterm_set_size(vterm_.get(), rows, columns);
}

void Terminal::feed_plain(std::string_view bytes) {
  for (; !bytes.empty(); bytes.remove_prefix(std::min(kPiece, bytes.size()))) {
    passed_.clear();
    filter_.pass(bytes.substr(0, kPiece), passed_);
    write(passed_);
  }
}

/// Characters beyond ASCII one by one: libvterm takes a mark at the begin of what it gets in
/// another way than one within. It goes through all marks on a character for each one more, so that
/// there is a limit.
void Terminal::write(std::string_view passed) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  const auto is_first = [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; };
  while (!passed.empty()) {
    const bool ascii = is_ascii(passed.front());
    const auto* const end = ascii ? std::ranges::find_if_not(passed, is_ascii)
                                  : std::find_if(passed.begin() + 1, passed.end(), is_first);
    const auto size = static_cast<std::size_t>(end - passed.begin());
    if (ascii || !too_many_marks_) vterm_input_write(vterm_.get(), passed.data(), size);
    passed.remove_prefix(size);
  }
}

std::string Terminal::text_of(const Row& row) {
  std::string text;
  for (const Cell& cell : row.cells) {
    for (const char32_t code : cell) {
      if (code == 0) break;
      append_utf8(text, code);
    }
  }
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

std::vector<std::string> Terminal::texts_of(const Rows& rows) {
  std::vector<std::string> texts;
  for (const Row& row : rows)
    texts.push_back(text_of(row));
  while (!texts.empty() && texts.back().empty())
    texts.pop_back();
  return texts;
}

std::vector<std::string> Terminal::screen() const {
  return texts_of(rows_);
}

std::vector<std::string> Terminal::last_screen() const {
  if (left_rows_.empty() || alternate_) return screen();
  std::vector<std::string> texts = texts_of(left_rows_);
  Rows later;
  std::ranges::copy_if(rows_, std::back_inserter(later), &Row::fresh);
  std::ranges::move(texts_of(later), std::back_inserter(texts));
  return texts;
}

std::vector<std::string> Terminal::covered() const {
  if (alternate_) return texts_of(main_rows_);
  Rows older;
  if (!left_rows_.empty())
    std::ranges::copy_if(rows_, std::back_inserter(older), std::logical_not(), &Row::fresh);
  return texts_of(older);
}

/// A wide character of which a half is overwritten or moved away is gone.
void Terminal::split_wide(Row& row, int column) {
  if (column <= 0 || at(column) >= row.cells.size() || row.cells[at(column)][0] != 0) return;
  row.cells[at(column)] = kBlank;
  row.cells[at(column - 1)] = kBlank;
}

void Terminal::put(int row, int column, const char32_t* codes, int width) {
  if (row < 0 || row >= row_count_ || column < 0 || column >= columns_) return;
  Row& to = rows_[at(row)];
  const int end = std::min(column + std::clamp(width, 1, 2), columns_);
  to.fresh = true;
  split_wide(to, column);
  split_wide(to, end);
  if (to.cells.size() < at(end)) to.cells.resize(at(end), kBlank);
  Cell cell{};
  for (std::size_t i = 0; i < cell.size() && codes[i] != 0; ++i)
    cell[i] = codes[i];
  to.cells[at(column)] = cell;
  if (end > column + 1) to.cells[at(column + 1)] = Cell{};
}

void Terminal::erase(int from_row, int to_row, int from_column, int to_column) {
  const int left = std::clamp(from_column, 0, columns_);
  const int right = std::clamp(to_column, left, columns_);
  for (int i = std::max(from_row, 0); i < std::min(to_row, row_count_); ++i) {
    Row& row = rows_[at(i)];
    split_wide(row, left);
    split_wide(row, right);
    const std::size_t size = row.cells.size();
    // Beyond the edge stands what was written when the terminal was wider.
    if (at(right) >= size || right == columns_)
      row.cells.resize(std::min(at(left), size));
    else
      std::fill(row.cells.begin() + left, row.cells.begin() + right, kBlank);
  }
}

/// Rows of the whole width; downwards when `up` is negative.
void Terminal::scroll_rows(int from_row, int to_row, int up) {
  const int count = std::min(std::abs(up), to_row - from_row);
  const auto begin = rows_.begin() + from_row;
  const auto end = rows_.begin() + to_row;
  if (up > 0) {
    for (int i = 0; i < count; ++i) {
      if (from_row == 0 && !alternate_) scroll_out(rows_[at(i)]);
    }
    std::rotate(begin, begin + count, end);
    std::for_each(end - count, end, [](Row& row) { row = {}; });
  } else {
    std::rotate(begin, end - count, end);
    std::for_each(begin, begin + count, [](Row& row) { row = {}; });
  }
}

void Terminal::shift_cells(Row& row, int from_column, int to_column, int left) {
  const int from = std::clamp(from_column, 0, columns_);
  const int to = std::clamp(to_column, from, columns_);
  const int count = std::min(std::abs(left), to - from);
  row.cells.resize(at(columns_), kBlank);
  split_wide(row, from);
  split_wide(row, to);
  const auto begin = row.cells.begin() + from;
  const auto end = row.cells.begin() + to;
  if (left > 0) {
    split_wide(row, from + count);
    std::fill(std::shift_left(begin, end, count), end, kBlank);
  } else {
    split_wide(row, to - count);
    std::fill(begin, std::shift_right(begin, end, count), kBlank);
  }
}

void Terminal::scroll_out(const Row& row) {
  // A screen or more was printed since the alternate one was left.
  if (row.fresh) left_rows_.clear();
  scrolled_out_.push_back(text_of(row));
  if (scrolled_out_.size() <= kKeptLines) return;
  scrolled_out_.pop_front();
  ++dropped_lines_;
}

void Terminal::choose_alternate(bool on) {
  if (on == alternate_) return;
  alternate_ = on;
  if (on) {
    main_rows_ = std::exchange(rows_, Rows(at(row_count_)));
    return;
  }
  left_rows_ = std::exchange(rows_, std::move(main_rows_));
  if (texts_of(left_rows_).empty()) left_rows_.clear();
  for (Row& row : rows_)
    row.fresh = false;
}

}  // namespace orch::term
