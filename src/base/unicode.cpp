// What characters of all scripts are; the only file that knows utf8proc.
#include "orch/base/unicode.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>

namespace orch {
namespace {

struct Next {
  utf8proc_int32_t code = -1;  ///< negative: no character begins here
  std::size_t bytes = 1;
};

Next first_of(std::string_view text) {
  Next next;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  // No character is longer than four bytes, whatever follows.
  const auto length = static_cast<utf8proc_ssize_t>(std::min<std::size_t>(text.size(), 4));
  const utf8proc_ssize_t read = utf8proc_iterate(bytes, length, &next.code);
  if (read > 0) next.bytes = static_cast<std::size_t>(read);
  return next;
}

bool is_no_character(utf8proc_int32_t code) {
  return code < 0 || (code & 0xfffe) == 0xfffe || (code >= 0xfdd0 && code <= 0xfdef);
}

std::size_t width_of(utf8proc_int32_t code) {
  if (code < 0x80 || utf8proc_category(code) == UTF8PROC_CATEGORY_CN) return 1;
  return static_cast<std::size_t>(std::max(0, utf8proc_charwidth(code)));
}

/// CR, NEL, and the separators of lines and paragraphs.
bool ends_line(utf8proc_int32_t code) {
  return code == '\n' || code == '\r' || code == 0x85 || code == 0x2028 || code == 0x2029;
}

bool is_control(utf8proc_int32_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const Next next = first_of(text);
    width += width_of(next.code);
    text.remove_prefix(next.bytes);
  }
  return width;
}

std::string padded(std::string_view text, std::size_t columns) {
  const std::size_t width = display_width(text);
  std::string line(text);
  if (width < columns) line.append(columns - width, ' ');
  return line;
}

std::string lower_case(std::string_view text) {
  std::string small;
  small.reserve(text.size());
  while (!text.empty()) {
    if (const char c = text.front(); static_cast<unsigned char>(c) < 0x80) {
      small += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      text.remove_prefix(1);
      continue;
    }
    const Next next = first_of(text);
    const utf8proc_int32_t code = next.code < 0 ? next.code : utf8proc_tolower(next.code);
    if (code == next.code) {
      small += text.substr(0, next.bytes);
    } else {
      std::array<utf8proc_uint8_t, 4> bytes{};
      const utf8proc_ssize_t length = utf8proc_encode_char(code, bytes.data());
      small.append(bytes.begin(), bytes.begin() + length);
    }
    text.remove_prefix(next.bytes);
  }
  return small;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const Next next = first_of(text);
    if (is_no_character(next.code)) return false;
    text.remove_prefix(next.bytes);
  }
  return true;
}

std::string clean_text(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  while (!text.empty()) {
    const Next next = first_of(text);
    const std::string_view character = text.substr(0, next.bytes);
    text.remove_prefix(next.bytes);
    if (next.code == '\r' && text.starts_with('\n')) continue;
    if (is_no_character(next.code)) {
      clean += "\xef\xbf\xbd";
    } else if (ends_line(next.code)) {
      clean += '\n';
    } else if (next.code == '\t' || !is_control(next.code)) {
      clean += character;
    }
  }
  return clean;
}

}  // namespace orch
