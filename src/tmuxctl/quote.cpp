// Quoting for tmux's command parser and for its format expander.
#include "tmuxctl/quote.hpp"

#include <fmt/format.h>

namespace tmuxctl {

namespace {

void append_quoted(std::string& out, unsigned char byte) {
  switch (byte) {
    case 0: return;
    case '"':
    case '\\':
    case '$':  // expands a variable
    case '~':  // expands a home folder right after the opening quote
      out += '\\';
      out += static_cast<char>(byte);
      return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  // The parser takes 0xff for the end of its input.
  if (byte < 0x20 || byte == 0x7f || byte == 0xff)
    out += fmt::format("\\{:03o}", byte);
  else
    out += static_cast<char>(byte);
}

}  // namespace

std::string quote(std::string_view text) {
  std::string out = "\"";
  out.reserve(text.size() + 2);
  for (const char c : text)
    append_quoted(out, static_cast<unsigned char>(c));
  out += '"';
  return out;
}

std::string literal(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '#') out += '#';
    out += c;
  }
  return out;
}

std::string command_line(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) {
    if (!out.empty()) out += ' ';
    out += quote(word);
  }
  return out;
}

std::string shell_word(std::string_view word) {
  std::string out(word);
  if (out.ends_with(';')) out.insert(out.size() - 1, 1, '\\');
  return out;
}

}  // namespace tmuxctl
