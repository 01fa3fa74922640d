#pragma once
// What a program has printed, as its terminal shows it: rows of plain text without colours, and the
// lines that have scrolled out. On libvterm, which knows what control sequences mean; the cells are
// ours, so that scrolling costs little and the alternate screen can be looked at after it was left.
//
// Any bytes may be fed: the time is linear in them, and the memory bounded.
#include "term/sequence_filter.hpp"

#include <array>
#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct VTerm;

namespace orch::term {

/// The size of an agent's window while nobody looks at it, and until its log says otherwise.
inline constexpr int kColumns = 200;
inline constexpr int kRows = 50;
/// So many lines that scrolled out are kept, the last ones.
inline constexpr std::size_t kKeptLines = 20'000;

class Terminal {
 public:
  Terminal();
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  /// Marks of sizes (term/size_mark.hpp) among the bytes count.
  void feed(std::string_view bytes);

  /// The rows of what is shown now, without empty ones at the end. UTF-8 without control bytes; it
  /// may still hold characters that deceive the eye (see one_line).
  std::vector<std::string> screen() const;
  /// As screen(); but when the program has left the alternate screen, that as it left it, and then
  /// what it printed afterwards, as long as that is less than a screen.
  std::vector<std::string> last_screen() const;

  /// What stands on the main screen from before the alternate one that last_screen() shows.
  std::vector<std::string> covered() const;

  /// What has scrolled out at the top, oldest first. The alternate screen has none.
  const std::deque<std::string>& scrolled_out() const { return scrolled_out_; }

  /// How many lines scrolled out before these and were not kept.
  std::size_t dropped_lines() const { return dropped_lines_; }

 private:
  struct Callbacks;

  /// A character with the marks on it. Its first code is 0 in the second column of a wide one.
  using Cell = std::array<char32_t, 3>;

  struct Row {
    std::vector<Cell> cells;  // up to the last that was written
    bool fresh = false;       // written since the alternate screen was left
  };

  using Rows = std::vector<Row>;

  static std::string text_of(const Row& row);
  static std::vector<std::string> texts_of(const Rows& rows);
  static void split_wide(Row& row, int column);
  void feed_plain(std::string_view bytes);
  void resize(int rows, int columns);
  void write(std::string_view passed);
  void put(int row, int column, const char32_t* codes, int width);
  void erase(int from_row, int to_row, int from_column, int to_column);
  void scroll_rows(int from_row, int to_row, int up);
  void shift_cells(Row& row, int from_column, int to_column, int left);
  void scroll_out(const Row& row);
  void choose_alternate(bool on);

  std::unique_ptr<VTerm, void (*)(VTerm*)> vterm_;
  SequenceFilter filter_;
  std::string passed_;
  int row_count_ = kRows;
  int columns_ = kColumns;
  Rows rows_;       // of the screen that is shown
  Rows main_rows_;  // while the alternate screen is shown: those of the main one
  Rows left_rows_;  // the alternate screen as it was left
  bool alternate_ = false;
  bool too_many_marks_ = false;  // on the character that was written last
  std::deque<std::string> scrolled_out_;
  std::size_t dropped_lines_ = 0;
};

}  // namespace orch::term
