// The plain values of JSON, as our encoder writes them.
#include "core/record_reader.hpp"

#include "orch/base/unicode.hpp"

#include <algorithm>

namespace orch {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// How many digits the text begins with.
std::size_t digits_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end]))
    ++end;
  return end - at;
}

/// What stands for `c` behind a backslash; 0: nothing.
char unescaped(char c) {
  switch (c) {
    case '"':
    case '\\':
    case '/': return c;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return 0;
  }
}

}  // namespace

bool RecordReader::take(std::string_view word) {
  if (!text_.substr(at_).starts_with(word)) return false;
  at_ += word.size();
  return true;
}

bool RecordReader::take_number(std::string_view& number) {
  std::size_t end = at_;
  if (end < text_.size() && text_[end] == '-') ++end;
  const std::size_t whole = digits_at(text_, end);
  if (whole == 0 || (whole > 1 && text_[end] == '0')) return false;
  end += whole;
  if (end < text_.size() && text_[end] == '.') {
    const std::size_t part = digits_at(text_, end + 1);
    if (part == 0) return false;
    end += 1 + part;
  }
  if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
    ++end;
    if (end < text_.size() && (text_[end] == '-' || text_[end] == '+')) ++end;
    const std::size_t exponent = digits_at(text_, end);
    if (exponent == 0) return false;
    end += exponent;
  }
  number = text_.substr(at_, end - at_);
  at_ = end;
  return true;
}

bool RecordReader::read(bool& value) {
  value = take("true");
  return value || take("false");
}

bool RecordReader::read(double& value) {
  std::string_view number;
  if (!take_number(number)) return false;
  const auto [stop, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  return error == std::errc{} && stop == number.data() + number.size();
}

bool RecordReader::read(std::string& value) {
  value.clear();
  if (!take('"')) return false;
  bool is_ascii = true;
  while (at_ < text_.size()) {
    std::size_t end = at_;
    while (end < text_.size() && text_[end] != '"' && text_[end] != '\\') {
      const auto byte = static_cast<unsigned char>(text_[end]);
      if (byte < 0x20) return false;
      is_ascii = is_ascii && byte < 0x80;
      ++end;
    }
    value.append(text_, at_, end - at_);
    at_ = end;
    if (take('"')) return is_ascii || is_utf8(value);
    if (!take_escape(value)) return false;
  }
  return false;
}

bool RecordReader::take_escape(std::string& value) {
  if (take("\\u00")) {
    unsigned char byte = 0;
    const char* const first = text_.data() + at_;
    const char* const last = first + std::min<std::size_t>(2, text_.size() - at_);
    const auto [stop, error] = std::from_chars(first, last, byte, 16);
    if (error != std::errc{} || stop != first + 2 || byte >= 0x80) return false;
    value += static_cast<char>(byte);
    at_ += 2;
    return true;
  }
  if (!take('\\') || at_ == text_.size()) return false;
  const char c = unescaped(text_[at_++]);
  value += c;
  return c != 0;
}

// Of what an earlier version stored, a sentence, the long way makes a reason.
bool RecordReader::read(Reason& value) {
  value = Reason();
  return take("null") || read_fields(value);
}

}  // namespace orch
