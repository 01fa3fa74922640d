// Puts the command into a form and reads the rows above the options against it.
#include "agents/screen/shown_command.hpp"

#include "orch/base/text.hpp"

#include <algorithm>
#include <array>

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

/// Without the frame around it; a dashed line, which is as long as the screen is wide, as one sign.
std::string_view unframed(std::string_view row) {
  constexpr std::array<std::string_view, 2> kSides{"│", "┃"};
  row = trim(row);
  for (const std::string_view side : kSides) {
    if (row.starts_with(side)) row.remove_prefix(side.size());
    if (row.ends_with(side)) row.remove_suffix(side.size());
  }
  row = trim(row);
  return is_line_of(row, kDashes) ? kDashes : row;
}

std::vector<std::string_view> rows_with_words(const std::vector<std::string>& rows) {
  std::vector<std::string_view> found;
  for (const std::string& row : rows)
    if (const std::string_view bare = unframed(row); !bare.empty()) found.push_back(bare);
  return found;
}

/// What is left to be read of a form whose command has been put in.
class Expected {
 public:
  explicit Expected(std::string_view text) : rest_(text) {}

  /// Takes one row off its beginning: between rows any white space, within one none is added.
  bool take(std::string_view row) {
    rest_ = rest_.substr(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
    const std::string_view line = rest_.substr(0, rest_.find('\n'));
    const std::size_t gap = line.find(kOpen);
    if (gap != std::string_view::npos) return take_open(row, line, gap);
    if (row.size() > rest_.size() || !rest_.starts_with(row)) return false;
    rest_.remove_prefix(row.size());
    return true;
  }

  bool is_over() const { return trim(rest_).empty(); }

  /// Stands for what may be anything to the end of a row. No program shows this byte.
  static constexpr char kOpen = '\0';

 private:
  bool take_open(std::string_view row, std::string_view line, std::size_t gap) {
    const std::string_view tail = line.substr(gap + 1);
    if (row.size() < gap + tail.size()) return false;
    if (!row.starts_with(line.substr(0, gap)) || !row.ends_with(tail)) return false;
    rest_.remove_prefix(line.size());
    return true;
  }

  std::string_view rest_;
};

/// One pass, so that a command with `{rest}` in it brings no gap with it.
std::string filled(std::string_view form, std::string_view command) {
  std::string text;
  while (!form.empty()) {
    if (form.starts_with(kCommand)) {
      text += command;
      form.remove_prefix(kCommand.size());
    } else if (form.starts_with(kRest)) {
      text += Expected::kOpen;
      form.remove_prefix(kRest.size());
    } else {
      text += form.front();
      form.remove_prefix(1);
    }
  }
  return text;
}

bool fits(const std::vector<std::string_view>& rows, std::string_view form,
          std::string_view command) {
  // What tells its first row from all others.
  const std::string_view first = form.substr(0, form.find('\n'));
  const std::string_view sign = trim(first.substr(0, std::min(first.find('{'), first.size())));
  if (sign.empty()) return false;
  const auto begins = [sign](std::string_view row) { return trim(row).starts_with(sign); };
  const auto wanted = std::ranges::count_if(split(form, '\n'), begins);
  if (std::ranges::count_if(rows, begins) != wanted) return false;
  const auto start = std::ranges::find_if(rows, begins);
  const std::string text = filled(form, command);
  Expected expected(text);
  const bool all_taken = std::all_of(
      start, rows.end(), [&expected](std::string_view row) { return expected.take(row); });
  return all_taken && expected.is_over();
}

}  // namespace

bool shows_command(const Dialog& dialog, const std::vector<std::string>& forms,
                   std::string_view command) {
  if (trim(command).empty() || command.find(Expected::kOpen) != std::string_view::npos)
    return false;
  const std::vector<std::string_view> rows = rows_with_words(dialog.above);
  return std::ranges::any_of(
      forms, [&rows, command](const std::string& form) { return fits(rows, form, command); });
}

}  // namespace orch
