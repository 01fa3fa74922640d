// Finds the frame from below: between two lines, below a line of blocks, or after the last sign.
#include "agents/screen/prompt_box.hpp"

#include "orch/base/text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace orch {
namespace {

constexpr std::size_t kHighest = 60;      // rows of a box
constexpr std::size_t kFooter = 6;        // rows below it that are not empty
constexpr std::size_t kShortestEdge = 8;  // signs of a line
constexpr std::size_t kSample = 24;       // bytes of a text that are looked for
constexpr std::size_t kShortestSample = 12;
constexpr std::size_t kRowsWithoutBox = 14;

using Rows = std::vector<std::string>;

std::size_t line_sign(std::string_view text) {
  constexpr std::array<std::string_view, 5> kSigns{"─", "━", "═", "▀", "▄"};
  const auto* const sign = std::ranges::find_if(
      kSigns, [text](std::string_view known) { return text.starts_with(known); });
  return sign == kSigns.end() ? 0 : sign->size();
}

/// A row that is a line from its beginning, but for a corner.
bool is_edge(std::string_view row) {
  row = trim(row);
  for (const std::string_view corner : {"╭", "╰", "╹", "┌", "└"})
    if (row.starts_with(corner)) row.remove_prefix(corner.size());
  std::size_t signs = 0;
  for (std::size_t size = line_sign(row); size != 0; size = line_sign(row)) {
    row.remove_prefix(size);
    ++signs;
  }
  return signs >= kShortestEdge;
}

bool is_in_bar(std::string_view row) {
  return trim(row).starts_with("┃");
}

/// What stands in the box, without its frame and the sign of its prompt.
std::string_view bare(std::string_view row) {
  constexpr std::array<std::string_view, 5> kSigns{"│", "┃", "❯", "›", "\u00a0"};
  row = stripped(row, kSigns, kSigns);
  return row.starts_with("> ") ? trim(row.substr(2)) : row;
}

/// The last row for which `is`, if no more than a footer stands below it.
template <class Is>
std::optional<std::size_t> near_foot(const Rows& rows, Is is) {
  std::size_t below = 0;
  for (std::size_t at = rows.size(); at-- > 0 && below <= kFooter;) {
    if (is(rows[at])) return at;
    if (!trim(rows[at]).empty()) ++below;
  }
  return std::nullopt;
}

struct Range {
  std::size_t from = 0;
  std::size_t to = 0;  ///< after the last
};

std::optional<Range> framed(const Rows& rows) {
  const auto edge = near_foot(rows, [](const std::string& row) { return is_edge(row); });
  if (!edge) return std::nullopt;
  std::size_t from = *edge;
  if (from > 0 && is_in_bar(rows[from - 1])) {
    while (from > 0 && is_in_bar(rows[from - 1]))
      --from;
    return Range{from, *edge};
  }
  while (from > 0 && *edge - from < kHighest && !is_edge(rows[from - 1]))
    --from;
  if (from == 0 || !is_edge(rows[from - 1])) return std::nullopt;
  return Range{from, *edge};
}

std::optional<Range> after_sign(const Rows& rows) {
  constexpr std::size_t kFew = 20;
  for (std::size_t at = rows.size(), looked = 0; at-- > 0 && looked < kFew; ++looked) {
    if (rows[at].starts_with("›") || rows[at].starts_with("❯")) return Range{at, rows.size()};
  }
  return std::nullopt;
}

/// Where there are too few colours for a frame, gemini draws one line only, above what it says of
/// its mode: from the sign of the prompt to the cursor.
std::optional<Range> below_line(const Rows& rows, std::size_t cursor) {
  std::size_t at = cursor;
  while (at > 0 && cursor - at < kHighest && !is_edge(rows[at]))
    --at;
  if (!is_edge(rows[at])) return std::nullopt;
  for (; at <= cursor; ++at) {
    const std::string_view row = trim(rows[at]);
    const bool has_sign = row.starts_with(">") || row.starts_with("*") || row.starts_with("!");
    if (has_sign) return Range{at, cursor + 1};
  }
  return std::nullopt;
}

/// What has a line at each side is the box only where the cursor stands in it.
std::optional<Range> range_of_box(const Screen& screen) {
  std::optional<Range> range = framed(screen.rows);
  if (!range) range = after_sign(screen.rows);
  const auto cursor = static_cast<std::size_t>(screen.cursor_row);
  if (screen.cursor_row < 0 || cursor >= screen.rows.size()) return range;
  if (range && range->from <= cursor && cursor < range->to) return range;
  const std::optional<Range> other = below_line(screen.rows, cursor);
  return other ? other : range;
}

/// What stands in front of this column. Of signs that are two columns wide it has too many, which
/// are no part of a frame.
std::string_view before(std::string_view row, int column) {
  const auto goes_on = [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xc0u) == 0x80u;
  };
  std::size_t end = 0;
  for (; column > 0 && end < row.size(); --column) {
    ++end;
    while (end < row.size() && goes_on(row[end]))
      ++end;
  }
  return row.substr(0, end);
}

/// The signs that stand before a text, and nothing else.
bool is_empty_prefix(std::string_view prefix) {
  const std::string_view rest = bare(prefix);
  return rest.empty() || rest == ">" || rest == "*" || rest == "!";
}

std::vector<std::string> last_rows(const Screen& screen) {
  std::vector<std::string> rows;
  for (auto row = screen.rows.rbegin(); row != screen.rows.rend() && rows.size() < kRowsWithoutBox;
       ++row) {
    if (!trim(*row).empty()) rows.push_back(*row);
  }
  return rows;
}

}  // namespace

std::optional<std::vector<std::string>> prompt_box(const Screen& screen) {
  const std::optional<Range> range = range_of_box(screen);
  if (!range) return std::nullopt;
  std::vector<std::string> box;
  for (std::size_t at = range->from; at < range->to; ++at) {
    const std::string_view row = bare(screen.rows[at]);
    if (!row.empty()) box.emplace_back(row);
  }
  return box;
}

std::size_t rows_above_box(const Screen& screen) {
  const std::optional<Range> range = range_of_box(screen);
  return range ? range->from : screen.rows.size();
}

bool shows_above_box(const Screen& screen, const std::vector<std::string_view>& lines) {
  const std::size_t end = rows_above_box(screen);
  for (const std::string_view line : lines) {
    const std::string_view sample = trim(line).substr(0, kSample);
    if (sample.size() < kShortestSample) continue;
    for (std::size_t row = 0; row < end; ++row)
      if (bare(screen.rows[row]).starts_with(sample)) return true;
  }
  return false;
}

bool has_draft(const Screen& screen) {
  const std::optional<Range> range = range_of_box(screen);
  const auto row = static_cast<std::size_t>(screen.cursor_row);
  if (!range || screen.cursor_row < 0 || row < range->from || row >= range->to) return false;
  for (std::size_t above = range->from; above < row; ++above)
    if (!is_empty_prefix(screen.rows[above])) return true;
  return !is_empty_prefix(before(screen.rows[row], screen.cursor_column));
}

bool box_holds(const Screen& screen, std::string_view text) {
  const std::string_view last = trim(text.substr(text.find_last_of('\n') + 1));
  const std::string_view sample = last.substr(0, kSample);
  const std::vector<std::string> rows = prompt_box(screen).value_or(last_rows(screen));
  return std::ranges::any_of(rows, [sample](const std::string& row) {
    const auto has = [&row](std::string_view part) { return row.find(part) != std::string::npos; };
    return (!sample.empty() && has(sample)) || has("[Pasted ") || has("[paste #");
  });
}

}  // namespace orch
