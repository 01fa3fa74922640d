// Escapes.
#include "ui/markup.hpp"

#include "orch/base/text.hpp"

#include <fmt/format.h>

namespace orch::ui {
namespace {

constexpr std::string_view kNoCharacter1 = "\xef\xbf\xbe";  // U+FFFE and U+FFFF: no XML has them
constexpr std::string_view kNoCharacter2 = "\xef\xbf\xbf";

std::string escaped_html(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 16);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view three = text.substr(i, 3);
    if (three == kNoCharacter1 || three == kNoCharacter2) {
      out += "\xef\xbf\xbd";
      i += 2;
      continue;
    }
    switch (text[i]) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += text[i];
    }
  }
  return out;
}

std::string escaped_markdown(std::string_view text) {
  constexpr std::string_view kSpecial = "\\`*_[]|~>";
  std::string out;
  out.reserve(text.size() + 16);
  for (const char c : text) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '&') {
      out += "&amp;";
    } else {
      if (kSpecial.find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

/// Every second part of what stands between backticks is code; an odd one is none.
template <class Text, class Code>
std::string with_code(std::string_view sentence, const Text& text, const Code& code) {
  std::string out;
  while (true) {
    const std::size_t open = sentence.find('`');
    const std::size_t close = open == std::string_view::npos ? open : sentence.find('`', open + 1);
    if (close == std::string_view::npos) return out + text(sentence);
    out += text(sentence.substr(0, open)) + code(sentence.substr(open + 1, close - open - 1));
    sentence.remove_prefix(close + 1);
  }
}

bool is_plain_in_url(unsigned char c) {
  constexpr std::string_view kMarks = "-._~/";
  const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  const bool is_digit = c >= '0' && c <= '9';
  return is_letter || is_digit || kMarks.find(static_cast<char>(c)) != std::string_view::npos;
}

}  // namespace

std::string html_text(std::string_view hostile, std::size_t columns) {
  return escaped_html(one_line(hostile, columns));
}

std::string html_sentence(std::string_view sentence, std::size_t columns) {
  return with_code(one_line(sentence, columns), escaped_html,
                   [](std::string_view code) { return "<code>" + escaped_html(code) + "</code>"; });
}

std::string markdown_text(std::string_view hostile, std::size_t columns) {
  return escaped_markdown(one_line(hostile, columns));
}

std::string markdown_sentence(std::string_view sentence, std::size_t columns) {
  return with_code(one_line(sentence, columns), escaped_markdown,
                   [](std::string_view code) { return "`" + std::string(code) + "`"; });
}

std::string url_path(std::string_view path) {
  std::string out;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    out += is_plain_in_url(byte) ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return out;
}

}  // namespace orch::ui
