// Shows untrusted text on one line so that it cannot act on the terminal or deceive the eye.
#include "orch/base/terminal_text.hpp"
#include "orch/base/text.hpp"
#include "orch/base/unicode.hpp"

#include <algorithm>

namespace orch {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

struct Character {
  char32_t code = 0;
  std::size_t bytes = 1;
  bool valid = false;
};

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0u) == 0x80u;
}

/// How many bytes a character has, by its first byte; 0 when no character begins so.
std::size_t length_by_lead(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return 2;
  if (lead < 0xF0) return 3;
  return lead < 0xF5 ? 4 : 0;
}

/// Overlong forms, surrogates and numbers past the last are as wrong as stray bytes.
bool is_scalar(char32_t code, std::size_t bytes) {
  constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  return code >= smallest[bytes] && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
}

Character first_character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = length_by_lead(lead);
  if (length == 1) return {lead, 1, true};
  if (length == 0) return {};
  char32_t code = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (i >= text.size() || !is_continuation(text[i])) return {0, i, false};
    code = (code << 6) | (static_cast<unsigned char>(text[i]) & 0x3Fu);
  }
  return {code, length, is_scalar(code, length)};
}

struct Range {
  char32_t first;
  char32_t last;
};

// What shows nothing, breaks the line, or changes the direction of what follows. Variation
// selectors stay, as emoji need them.
constexpr Range kUnseen[] = {
    {0x80, 0x9F},     {0xAD, 0xAD},     {0x34F, 0x34F},   {0x61C, 0x61C},   {0x115F, 0x1160},
    {0x17B4, 0x17B5}, {0x180E, 0x180E}, {0x200B, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F},
    {0x3164, 0x3164}, {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE0FFF},
};

bool is_unseen(char32_t code) {
  for (const Range& range : kUnseen) {
    if (code >= range.first && code <= range.last) return true;
  }
  return false;
}

/// What stands for the character on the line.
std::string shown(const Character& character, std::string_view bytes) {
  if (!character.valid) return std::string(kReplacement);
  if (character.code == '\n' || character.code == '\t') return " ";
  if (character.code < 0x20) return {'^', static_cast<char>(character.code + '@')};
  if (character.code == 0x7F) return "^?";
  if (is_unseen(character.code)) {
    return fmt::format("\\u{:04x}", static_cast<std::uint32_t>(character.code));
  }
  return std::string(bytes);
}

/// How many bytes of a colour `text` begins with; 0: of none.
std::size_t colour_length(std::string_view text) {
  if (!text.starts_with("\x1b[")) return 0;
  const std::size_t end = text.find_first_not_of("0123456789;", 2);
  return end != std::string_view::npos && text[end] == 'm' ? end + 1 : 0;
}

/// \uXXXX, or the two of them that JSON has for what lies beyond 16 bits.
std::string json_escape(char32_t code) {
  const auto value = static_cast<std::uint32_t>(code);
  if (value < 0x10000) return fmt::format("\\u{:04x}", value);
  const std::uint32_t rest = value - 0x10000;
  return fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + (rest >> 10), 0xDC00 + (rest & 0x3FF));
}

}  // namespace

std::string one_line(std::string_view hostile) {
  std::string line;
  line.reserve(hostile.size());
  while (!hostile.empty()) {
    if (hostile.starts_with("\r\n")) hostile.remove_prefix(1);
    const Character character = first_character(hostile);
    line += shown(character, hostile.substr(0, character.bytes));
    hostile.remove_prefix(character.bytes);
  }
  return line;
}

std::string one_line(std::string_view hostile, std::size_t columns) {
  // Marks take no column, and a hostile text may be nothing else.
  constexpr std::size_t kMostBytes = 16;  // a column
  std::string line;
  std::size_t width = 0;
  std::size_t last_fit = 0;  // bytes of the line that leave a column for the ellipsis
  while (!hostile.empty()) {
    if (hostile.starts_with("\r\n")) hostile.remove_prefix(1);
    const Character character = first_character(hostile);
    const std::string next = shown(character, hostile.substr(0, character.bytes));
    width += display_width(next);
    if (width > columns || line.size() / kMostBytes > columns) {
      line.resize(last_fit);
      return columns == 0 ? std::string() : line.append(kEllipsis);
    }
    line += next;
    if (width < columns) last_fit = line.size();
    hostile.remove_prefix(character.bytes);
  }
  return line;
}

std::string shown_lines(std::string_view text, Colours colours) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    std::size_t kept = text.front() == '\n' ? 1 : 0;
    if (colours == Colours::Kept) kept = std::max(kept, colour_length(text));
    if (kept > 0) {
      out += text.substr(0, kept);
      text.remove_prefix(kept);
      continue;
    }
    const Character character = first_character(text);
    out += shown(character, text.substr(0, character.bytes));
    text.remove_prefix(character.bytes);
  }
  return out;
}

std::string inert_json(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  while (!json.empty()) {
    const Character character = first_character(json);
    if (!character.valid) {
      out += kReplacement;
    } else if (character.code == 0x7F || is_unseen(character.code)) {
      out += json_escape(character.code);
    } else {
      out += json.substr(0, character.bytes);
    }
    json.remove_prefix(character.bytes);
  }
  return out;
}

}  // namespace orch
