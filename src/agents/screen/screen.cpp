// Takes a captured screen apart into rows of plain text.
#include "agents/screen/screen.hpp"

#include "orch/base/text.hpp"

#include <algorithm>

namespace orch {

namespace {

constexpr std::size_t kMostRows = 1000;
constexpr std::size_t kLongestRow = 4096;
constexpr char kEscape = '\x1b';

bool between(char c, char first, char last) {
  return c >= first && c <= last;
}

/// The end of a text that a terminal takes for itself (title, link): BEL or ESC \. One without an
/// end is only its introduction, so that it hides nothing.
std::size_t end_of_string(std::string_view row, std::size_t from) {
  for (std::size_t at = from; at < row.size(); ++at) {
    if (row[at] == '\a') return at + 1;
    if (row[at] == kEscape) return at + 1 < row.size() && row[at + 1] == '\\' ? at + 2 : from;
  }
  return from;
}

/// The place after the escape sequence that begins at `from`.
std::size_t end_of_sequence(std::string_view row, std::size_t from) {
  std::size_t at = from + 1;
  if (at >= row.size()) return at;
  if (row[at] == '[') {
    ++at;
    while (at < row.size() && between(row[at], ' ', '?'))
      ++at;
    return at < row.size() && between(row[at], '@', '~') ? at + 1 : at;
  }
  if (std::string_view("]PX^_").find(row[at]) != std::string_view::npos)
    return end_of_string(row, at + 1);
  while (at < row.size() && between(row[at], ' ', '/'))
    ++at;
  return at < row.size() && between(row[at], '0', '~') ? at + 1 : at;
}

}  // namespace

std::string plain_row(std::string_view row) {
  std::string plain;
  plain.reserve(std::min(row.size(), kLongestRow));
  for (std::size_t at = 0; at < row.size() && plain.size() < kLongestRow;) {
    const char c = row[at];
    if (c == kEscape) {
      at = end_of_sequence(row, at);
      continue;
    }
    ++at;
    if (c == '\t') {
      plain += ' ';
    } else if (static_cast<unsigned char>(c) >= ' ' && c != '\x7f') {
      plain += c;
    }
  }
  return plain;
}

Screen screen_of(std::string_view capture) {
  std::vector<std::string_view> lines;
  if (capture.ends_with('\n')) capture.remove_suffix(1);
  while (lines.size() < kMostRows) {
    const std::size_t end = capture.rfind('\n');
    lines.push_back(end == std::string_view::npos ? capture : capture.substr(end + 1));
    if (end == std::string_view::npos) break;
    capture = capture.substr(0, end);
  }
  Screen screen;
  screen.rows.reserve(lines.size());
  for (auto line = lines.rbegin(); line != lines.rend(); ++line)
    screen.rows.push_back(plain_row(*line));
  return screen;
}

std::string_view stripped(std::string_view row, std::span<const std::string_view> front,
                          std::span<const std::string_view> back) {
  const auto size_of = [&row](std::span<const std::string_view> signs, auto has) {
    row = trim(row);
    const auto sign = std::ranges::find_if(signs, has);
    return sign == signs.end() ? 0 : sign->size();
  };
  const auto begins = [&row](std::string_view sign) { return row.starts_with(sign); };
  const auto ends = [&row](std::string_view sign) { return row.ends_with(sign); };
  while (const std::size_t size = size_of(front, begins))
    row.remove_prefix(size);
  while (const std::size_t size = size_of(back, ends))
    row.remove_suffix(size);
  return row;
}

}  // namespace orch
