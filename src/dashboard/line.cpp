// Lines of styled text.
#include "dashboard/line.hpp"

#include "orch/base/text.hpp"
#include "orch/base/unicode.hpp"

#include <algorithm>

namespace orch::dashboard {
namespace {

/// How many bytes of clean UTF-8 fit into so many columns: at least one character.
std::size_t bytes_that_fit(std::string_view text, std::size_t columns) {
  std::size_t bytes = 0;
  std::size_t width = 0;
  while (bytes < text.size()) {
    std::size_t end = bytes + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u)
      ++end;
    width += display_width(text.substr(bytes, end - bytes));
    if (width > columns && bytes > 0) return bytes;
    bytes = end;
  }
  return bytes;
}

/// Where to break a line of which so many bytes fit: after its last space, if it has one.
std::size_t break_of(std::string_view text, std::size_t fits) {
  if (fits == text.size() || text[fits] == ' ') return fits;
  const std::size_t space = text.substr(0, fits).rfind(' ');
  return space == std::string_view::npos || space == 0 ? fits : space;
}

}  // namespace

std::size_t width_of(const Line& line) {
  std::size_t width = 0;
  for (const Part& part : line)
    width += display_width(part.text);
  return width;
}

std::string text_of(const Line& line) {
  std::string text;
  for (const Part& part : line)
    text += part.text;
  return text;
}

void add_cell(Line& line, std::string_view text, std::size_t columns, Style style) {
  line.push_back({padded(one_line(text, columns), columns), style});
}

void add(Line& line, std::string_view text, Style style) {
  line.push_back({std::string(text), style});
}

Ink ink_named(std::string_view colour) {
  if (colour == "red") return Ink::Red;
  if (colour == "green") return Ink::Green;
  if (colour == "yellow") return Ink::Yellow;
  if (colour == "blue") return Ink::Blue;
  if (colour == "magenta") return Ink::Magenta;
  if (colour == "cyan") return Ink::Cyan;
  return Ink::Default;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t columns, std::size_t indent) {
  constexpr std::size_t kLeast = 10;
  indent = columns > indent + kLeast ? indent : 0;
  const std::string clean = one_line(text);
  std::string_view rest = clean;
  std::vector<std::string> lines;
  while (!rest.empty() || lines.empty()) {
    const std::size_t taken = lines.empty() ? 0 : indent;
    const std::size_t end = break_of(rest, bytes_that_fit(rest, columns - taken));
    lines.push_back(std::string(taken, ' ').append(rest.substr(0, end)));
    rest.remove_prefix(end);
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  }
  return lines;
}

}  // namespace orch::dashboard
