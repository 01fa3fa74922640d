// Puts the command into a form and reads the rows above the options against it.
#include "agents/screen/shown_command.hpp"

#include "orch/base/text.hpp"
#include "orch/base/unicode.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace orch {
namespace {

constexpr std::string_view kCommand = "{command}";
constexpr std::string_view kRest = "{rest}";
constexpr std::string_view kDashes = "╌";

/// Is the row nothing but this sign?
bool is_line_of(std::string_view row, std::string_view sign) {
  if (row.empty()) return false;
  while (row.starts_with(sign))
    row.remove_prefix(sign.size());
  return row.empty();
}

/// Where its words begin, and what they are.
struct Row {
  std::size_t column = 0;
  std::string_view words;
};

constexpr std::string_view kBar = "│";

/// The row up to its bar in this column; nothing: it has none there.
std::optional<std::string_view> before_bar(std::string_view row, std::size_t column) {
  for (std::size_t at = row.find(kBar); at != row.npos; at = row.find(kBar, at + kBar.size()))
    if (display_width(row.substr(0, at)) == column) return row.substr(0, at);
  return std::nullopt;
}

/// Without a panel at the right, whose edge is in the same column of all rows: also of those that
/// the program writes itself, so that no command can have one.
std::vector<std::string> without_panel(const std::vector<std::string>& rows) {
  if (rows.empty()) return rows;
  const std::string_view last = rows.back();
  const std::size_t bar = last.find(kBar);
  if (bar == last.npos || trim(last.substr(0, bar)).empty()) return rows;
  const std::size_t column = display_width(last.substr(0, bar));
  std::vector<std::string> left;
  for (const std::string& row : rows) {
    const std::optional<std::string_view> part = before_bar(row, column);
    if (!part) return rows;
    left.emplace_back(*part);
  }
  return left;
}

/// A dashed line, which is as long as the screen is wide, as one sign. Nothing else is left out:
/// a bar or a frame could be part of a command.
std::vector<Row> rows_with_words(const std::vector<std::string>& rows) {
  std::vector<Row> found;
  for (const std::string& row : rows) {
    const std::string_view words = trim(row);
    if (words.empty()) continue;
    const auto column = static_cast<std::size_t>(words.data() - row.data());
    found.push_back({column, is_line_of(words, kDashes) ? kDashes : words});
  }
  return found;
}

/// Stands for what may be anything to the end of a row. No program shows this byte.
constexpr char kOpen = '\0';

/// One pass, so that a command with `{rest}` in it brings no gap with it.
std::string filled(std::string_view form, std::string_view command) {
  std::string text;
  while (!form.empty()) {
    if (form.starts_with(kCommand)) {
      text += command;
      form.remove_prefix(kCommand.size());
    } else if (form.starts_with(kRest)) {
      text += kOpen;
      form.remove_prefix(kRest.size());
    } else {
      text += form.front();
      form.remove_prefix(1);
    }
  }
  return text;
}

bool is_shown_as(std::string_view line, std::string_view words) {
  line = trim(line);
  const std::size_t gap = line.find(kOpen);
  if (gap == std::string_view::npos) return words == line;
  const std::string_view tail = line.substr(gap + 1);
  return words.size() >= gap + tail.size() && words.starts_with(line.substr(0, gap)) &&
         words.ends_with(tail);
}

bool fits(const std::vector<Row>& rows, std::string_view form, std::string_view command) {
  // What tells its first row from all others.
  const std::string_view first = form.substr(0, form.find('\n'));
  const std::string_view sign = trim(first.substr(0, std::min(first.find('{'), first.size())));
  if (sign.empty()) return false;
  const auto begins = [sign](std::string_view row) { return trim(row).starts_with(sign); };
  const auto wanted = std::ranges::count_if(split(form, '\n'), begins);
  if (std::ranges::count_if(rows, begins, &Row::words) != wanted) return false;
  const auto start = std::ranges::find_if(rows, begins, &Row::words);
  // What a command shows is further in than the dialog, whose own beginning may be above the
  // screen.
  const auto is_outside = [start](const Row& row) { return row.column < start->column; };
  if (std::any_of(start, rows.end(), is_outside)) return false;
  const std::string text = filled(form, command);
  const std::vector<std::string_view> lines = split(text, '\n');
  const auto shown = [](std::string_view line, const Row& row) {
    return is_shown_as(line, row.words);
  };
  return std::equal(lines.begin(), lines.end(), start, rows.end(), shown);
}

}  // namespace

bool shows_command(const Dialog& dialog, const std::vector<std::string>& forms,
                   std::string_view command) {
  constexpr std::string_view kNotInOneRow("\0\n", 2);
  const bool is_one_line = command.find_first_of(kNotInOneRow) == std::string_view::npos;
  if (!is_one_line || command.empty() || trim(command) != command) return false;
  const std::vector<std::string> above = without_panel(dialog.above);
  const std::vector<Row> rows = rows_with_words(above);
  return std::ranges::any_of(
      forms, [&rows, command](const std::string& form) { return fits(rows, form, command); });
}

}  // namespace orch
