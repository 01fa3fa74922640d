// Rows to options: `❯ 1. Yes`, `│ ● 1. Allow once`, `  2. No`; `❯ No, exit` and the row below it.
#include "agents/screen/dialog.hpp"

#include "agents/screen/fingerprint.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace orch {
namespace {

constexpr std::size_t kRowsAbove = 4;  // of what is asked about, as it is shown
constexpr std::size_t kRowsHashed = 200;
constexpr std::size_t kMostOptions = 9;  // each has one digit
constexpr std::size_t kRowsBetween = 3;  // an option may have remarks below it
constexpr std::size_t kLongestText = 160;
constexpr std::size_t kLongestLabel = 200;

// The bar of a program that scrolls its screen, at the right: it comes and goes.
constexpr std::string_view kScrollBar = "█";

/// Without the frame around it, and without the pointer in front.
std::string_view bare(std::string_view row) {
  constexpr std::array<std::string_view, 15> kFront{"│", "┃", "|", "╰", "╯", "╭", "╮", "─",
                                                    "╌", "═", "❯", "›", "●", "▶", ">"};
  constexpr std::array<std::string_view, 11> kBack{"│", "┃", "|", "╰", "╯",       "╭",
                                                   "╮", "─", "╌", "═", kScrollBar};
  return stripped(row, kFront, kBack);
}

std::optional<DialogOption> option_in(std::string_view row) {
  row = bare(row);
  const bool numbered =
      row.size() > 3 && row[0] >= '1' && row[0] <= '9' && row[1] == '.' && row[2] == ' ';
  if (!numbered) return std::nullopt;
  return DialogOption{std::string(row.substr(0, 1)), one_line(trim(row.substr(2)), kLongestLabel)};
}

/// Do the options at these rows count up from 1?
bool count_up(const std::vector<std::string>& rows, const std::vector<std::size_t>& places) {
  char wanted = '1';
  return std::ranges::all_of(
      places, [&](std::size_t place) { return option_in(rows[place])->key.front() == wanted++; });
}

/// The rows of the options, the first one first; empty: there are none.
std::vector<std::size_t> option_rows(const std::vector<std::string>& rows) {
  std::vector<std::size_t> found;
  std::size_t between = 0;
  for (std::size_t place = rows.size(); place-- > 0;) {
    const std::optional<DialogOption> option = option_in(rows[place]);
    if (!option) {
      if (!found.empty() && ++between > kRowsBetween) break;
      continue;
    }
    between = 0;
    found.push_back(place);
    if (option->key == "1" || found.size() == kMostOptions) break;
  }
  std::ranges::reverse(found);
  return found.size() > 1 && count_up(rows, found) ? found : std::vector<std::size_t>();
}

/// Where the words of a row begin, in columns, and whether a pointer stands in front of them.
struct PointedRow {
  std::size_t column = 0;
  bool marked = false;
  std::string_view label;
};

/// Nothing for an empty row and for one that a frame or a line begins.
std::optional<PointedRow> pointed_row(std::string_view row) {
  constexpr std::array<std::string_view, 3> kPointers{"❯", "›", "▶"};
  constexpr std::string_view kNoBreak = "\u00a0";
  PointedRow read;
  while (!row.empty()) {
    const auto pointer = std::ranges::find_if(
        kPointers, [&](std::string_view sign) { return row.starts_with(sign); });
    std::size_t bytes = row.front() == ' ' ? 1 : row.starts_with(kNoBreak) ? kNoBreak.size() : 0;
    if (pointer != kPointers.end() && !read.marked) {
      read.marked = true;
      bytes = pointer->size();
    }
    if (bytes == 0) break;
    row.remove_prefix(bytes);
    ++read.column;
  }
  read.label = trim(row);
  const bool has_words = !read.label.empty() && bare(read.label) == read.label;
  return has_words ? std::optional(read) : std::nullopt;
}

/// The rows around the lowest pointer whose words begin below each other; empty: there are none.
std::vector<std::size_t> pointed_rows(const std::vector<std::string>& rows) {
  for (std::size_t place = rows.size(); place-- > 0;) {
    const std::optional<PointedRow> pointed = pointed_row(rows[place]);
    if (!pointed || !pointed->marked) continue;
    const auto belongs = [&](std::size_t at) {
      const std::optional<PointedRow> other = pointed_row(rows[at]);
      return other && !other->marked && other->column == pointed->column;
    };
    std::size_t first = place;
    while (first > 0 && belongs(first - 1))
      --first;
    std::size_t last = place;
    while (last + 1 < rows.size() && belongs(last + 1))
      ++last;
    const std::size_t count = last - first + 1;
    std::vector<std::size_t> found;
    if (count < 2 || count > kMostOptions) return found;
    for (std::size_t at = first; at <= last; ++at)
      found.push_back(at);
    return found;
  }
  return {};
}

/// A line, or the top of a frame that no other one is around: what stands above it is something
/// else. A frame within another shows what is asked about.
bool sets_off(std::string_view row) {
  row = trim(row);
  const bool within = row.starts_with("│") || row.starts_with("┃") || row.starts_with("╌") ||
                      row.starts_with(kScrollBar);
  return !row.empty() && !within && bare(row).empty();
}

/// Of all that is asked about and of the options, also what is too long to be shown: two commands
/// that begin alike are two questions. Without spaces, so that it is the same question when its
/// rows are broken at another width.
std::uint64_t hash_of(const std::vector<std::string>& rows, std::size_t first, std::size_t last) {
  std::size_t top = first;
  bool has_words = false;
  while (top > 0 && first - top < kRowsHashed && !(has_words && sets_off(rows[top - 1]))) {
    --top;
    has_words = has_words || !steady_row(bare(rows[top])).empty();
  }
  std::string signs;
  for (std::size_t row = top; row <= last; ++row)
    signs += steady_row(bare(rows[row]));
  std::erase(signs, ' ');
  return fnv1a(signs);
}

bool has_side(std::string_view row) {
  row = trim(row);
  return row.starts_with("│") || row.starts_with("┃");
}

/// Can the row that sets a dialog off be no part of a command in it? A line begins where the screen
/// does, and a frame has its sides around all rows: what a command shows is further in.
bool is_outside(std::string_view row, bool all_have_sides) {
  return trim(row).starts_with("╭") ? all_have_sides : row.starts_with("─");
}

/// The row without the sides of frames. Pointers and lines, which bare() takes off as well, may be
/// a part of a command.
std::string_view unframed(std::string_view row) {
  constexpr std::array<std::string_view, 2> kSides{"│", "┃"};
  return stripped(row, kSides, kSides);
}

std::string without_spaces(std::string_view text) {
  std::string rest(text);
  std::erase(rest, ' ');
  return rest;
}

/// What stands above the options, up to the line or frame that sets it off.
void read_text_above(const std::vector<std::string>& rows, std::size_t first, Dialog& dialog) {
  std::vector<std::string> parts;
  bool is_set_off = false;
  bool as_it_is = true;
  bool all_have_sides = true;
  for (std::size_t place = first; place-- > 0;) {
    const std::string_view row = trim(rows[place]);
    if (sets_off(row) && !parts.empty()) {
      is_set_off = is_outside(rows[place], all_have_sides);
      break;
    }
    all_have_sides = all_have_sides && (row.empty() || has_side(row));
    const std::string words = steady_row(bare(row));
    const std::string_view shown = bare(row).empty() ? std::string_view() : unframed(row);
    as_it_is = as_it_is && without_spaces(words) == without_spaces(shown);
    if (words.empty()) continue;
    if (parts.size() == kRowsAbove) break;
    parts.push_back(words);
  }
  std::ranges::reverse(parts);
  const std::string text = join(parts, " · ");
  dialog.text = one_line(text, kLongestText);
  dialog.is_whole = is_set_off && as_it_is && dialog.text == text;
}

std::string small(std::string_view label) {
  return lower(trim(label));
}

bool begins_with_any(const std::string& text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return text.starts_with(word); });
}

/// It says yes to more than what is asked.
bool goes_further(const std::string& label) {
  constexpr std::array<std::string_view, 16> kWords{
      "always",     "session",   "don't ask", "don’t ask",  "auto",     "all edit",
      "project",    "this user", "yes, and",  "yes to all", "remember", "from now on",
      "every time", "permanent", "future",    "never ask"};
  return std::ranges::any_of(
      kWords, [&](std::string_view word) { return label.find(word) != std::string::npos; });
}

}  // namespace

std::optional<Dialog> dialog_of(const Screen& screen) {
  Dialog dialog;
  std::vector<std::size_t> rows = option_rows(screen.rows);
  for (const std::size_t row : rows)
    dialog.options.push_back(*option_in(screen.rows[row]));
  if (rows.empty()) rows = pointed_rows(screen.rows);
  if (rows.empty()) return std::nullopt;
  if (dialog.options.empty()) {
    for (const std::size_t row : rows) {
      const PointedRow read = *pointed_row(screen.rows[row]);
      dialog.options.push_back({{}, one_line(read.label, kLongestLabel), read.marked});
    }
  }
  read_text_above(screen.rows, rows.front(), dialog);
  const auto end = screen.rows.begin() + static_cast<std::ptrdiff_t>(rows.front());
  dialog.above.assign(screen.rows.begin(), end);
  const std::uint64_t hash = hash_of(screen.rows, rows.front(), rows.back());
  dialog.id = hex(hash) + hex(fnv1a("dialog", hash));
  return dialog;
}

std::optional<std::size_t> Dialog::place_of(std::string_view label) const {
  const auto found = std::ranges::find(options, label, &DialogOption::label);
  if (found == options.end()) return std::nullopt;
  return static_cast<std::size_t>(found - options.begin());
}

std::optional<std::size_t> Dialog::marked() const {
  if (std::ranges::count(options, true, &DialogOption::marked) != 1) return std::nullopt;
  const auto found = std::ranges::find(options, true, &DialogOption::marked);
  return static_cast<std::size_t>(found - options.begin());
}

const DialogOption* Dialog::approving() const {
  const auto found = std::ranges::find_if(options, [](const DialogOption& option) {
    const std::string label = small(option.label);
    return begins_with_any(label, {"yes", "allow once", "approve", "proceed"}) &&
           !goes_further(label);
  });
  return found == options.end() ? nullptr : &*found;
}

const DialogOption* Dialog::denying() const {
  const auto found = std::ranges::find_if(options, [](const DialogOption& option) {
    const std::string label = small(option.label);
    return label == "no" ||
           begins_with_any(label, {"no,", "no ", "reject", "deny", "don't", "don’t"});
  });
  return found == options.end() ? nullptr : &*found;
}

const DialogOption* Dialog::called(std::string_view label) const {
  const std::string wanted = small(label);
  const DialogOption* begins = nullptr;
  int count = 0;
  for (const DialogOption& option : options) {
    const std::string own = small(option.label);
    if (own == wanted) return &option;
    if (wanted.empty() || !own.starts_with(wanted)) continue;
    begins = &option;
    ++count;
  }
  return count == 1 ? begins : nullptr;
}

const DialogOption* Dialog::answered_by(std::string_view answer) const {
  if (answer == "yes") return approving();
  if (answer == "no") return denying();
  return called(answer);
}

std::string Dialog::no_option(std::string_view answer) const {
  std::vector<std::string> labels;
  for (const DialogOption& option : options)
    labels.push_back(fmt::format("'{}'", option.label));
  return fmt::format("no option is '{}'; there are: {}", one_line(answer, 40), join(labels, ", "));
}

}  // namespace orch
