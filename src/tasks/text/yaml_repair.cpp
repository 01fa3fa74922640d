// Goes through the lines; values in quotes, brackets and blocks are left alone.
#include "tasks/text/yaml_repair.hpp"

#include <algorithm>

namespace orch::tasks {

namespace {

/// Where the value of `name: value` or `- name: value` begins; npos: the line is none.
std::size_t value_in(std::string_view line) {
  std::size_t at = std::min(line.find_first_not_of(' '), line.size());
  while (line.substr(at, 2) == "- ")
    at = std::min(line.find_first_not_of(' ', at + 2), line.size());
  const std::size_t colon = line.find(": ", at);
  if (at == line.size() || colon == std::string_view::npos) return std::string_view::npos;
  if (line.find_first_of("\"'[]{}#&*!|>,%@`", at) < colon) return std::string_view::npos;
  return line.find_first_not_of(' ', colon + 1);
}

void repair(std::string& text, std::size_t from, std::size_t end) {
  while (end > from && (text[end - 1] == '\r' || text[end - 1] == ' '))
    --end;
  if (end == from) return;
  if (text[from] == '@' || text[from] == '`' || text[from] == '%') text[from] = 'x';
  for (std::size_t at = from; at < end; ++at) {
    if (text[at] == '#' && text[at - 1] == ' ') return;
    if (text[at] == ':' && (at + 1 == end || text[at + 1] == ' ')) text[at] = ';';
  }
}

std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(" \r"), line.size());
}

}  // namespace

std::string repaired_yaml(std::string_view text) {
  std::string repaired(text);
  std::size_t block = std::string_view::npos;  // lines indented more than this are in a block
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    const std::size_t indent = indent_of(line);
    const bool in_block = block != std::string_view::npos && indent > block;
    if (!in_block && indent < line.size()) {
      const std::size_t value = value_in(line);
      const bool has_value = value != std::string_view::npos;
      const bool opens = has_value && (line[value] == '|' || line[value] == '>');
      block = opens ? indent : std::string_view::npos;
      const bool is_plain =
          has_value && std::string_view("\"'[{|>&*!#").find(line[value]) == std::string_view::npos;
      if (is_plain) repair(repaired, at + value, end);
    }
    at = end + 1;
  }
  return repaired;
}

std::size_t end_of_yaml_field(std::string_view text, std::size_t at) {
  for (std::size_t line = text.find('\n', at); line != std::string_view::npos;
       line = text.find('\n', line + 1)) {
    const std::size_t next = line + 1;
    if (next >= text.size()) break;
    const bool goes_on = std::string_view(" \t\r\n#-]}").find(text[next]) != std::string_view::npos;
    if (!goes_on) return next;
  }
  return text.size();
}

}  // namespace orch::tasks
