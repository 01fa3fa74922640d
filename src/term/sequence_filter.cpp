#include "term/sequence_filter.hpp"

#include <algorithm>

namespace orch::term {
namespace {

constexpr unsigned char kBell = 0x07;
constexpr unsigned char kShiftOut = 0x0E;
constexpr unsigned char kShiftIn = 0x0F;
constexpr unsigned char kCancel = 0x18;
constexpr unsigned char kSubstitute = 0x1A;
constexpr unsigned char kEscape = 0x1B;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
// Larger than any screen of ours, and far from where an int ends.
constexpr int kLargest = 9'999;

// Cursor movement; insertion, deletion and scrolling; the scrolling region.
constexpr std::string_view kMoves = "ABCDEFGHILMPSTXZ@`adefr";
// What does not make a program one that draws: erasing a line, as grep does for its colours.
constexpr std::string_view kErases = "JK";

// What stands for ` to ~ in the set of line-drawing characters.
constexpr std::string_view kLineDrawing[] = {
    "\u25C6", "\u2592", "\u2409", "\u240C", "\u240D", "\u240A", "\u00B0", "\u00B1",
    "\u2424", "\u240B", "\u2518", "\u2510", "\u250C", "\u2514", "\u253C", "\u23BA",
    "\u23BB", "\u2500", "\u23BC", "\u23BD", "\u251C", "\u2524", "\u2534", "\u252C",
    "\u2502", "\u2264", "\u2265", "\u03C0", "\u2260", "\u00A3", "\u00B7"};

bool is_printable(unsigned char c) {
  return c >= 0x20 && c != 0x7F;
}

std::string number(int value) {
  return value < 0 ? std::string() : std::to_string(value);
}

}  // namespace

void SequenceFilter::pass(std::string_view bytes, std::string& out) {
  for (const char c : bytes)
    take(static_cast<unsigned char>(c), out);
}

void SequenceFilter::take(unsigned char c, std::string& out) {
  if (missing_ > 0) {
    continue_character(c, out);
    return;
  }
  const bool in_string = state_ == State::String || state_ == State::StringEscape;
  if (c == kCancel || c == kSubstitute) {
    state_ = State::Text;
  } else if (c == kEscape) {
    state_ = state_ == State::String ? State::StringEscape : State::Escape;
    intermediate_ = 0;
  } else if (state_ == State::StringEscape) {
    // ESC \ ends the string; any other sequence does as well, and counts.
    state_ = State::Escape;
    if (c == '\\')
      state_ = State::Text;
    else
      take_escape(c, out);
  } else if (in_string) {
    if (c == kBell) state_ = State::Text;
  } else if (!is_printable(c)) {
    take_control(c, out);
  } else if (state_ == State::Text) {
    take_text(c, out);
  } else if (state_ == State::Sequence) {
    take_sequence(c, out);
  } else {
    take_escape(c, out);
  }
}

/// Terminals obey these in the middle of a sequence, too.
void SequenceFilter::take_control(unsigned char c, std::string& out) {
  constexpr std::string_view known = "\b\t\n\v\f\r";
  if (c == kShiftOut || c == kShiftIn)
    set_ = c == kShiftOut ? 1 : 0;
  else if (known.find(static_cast<char>(c)) != std::string_view::npos)
    out += static_cast<char>(c);
}

void SequenceFilter::take_text(unsigned char c, std::string& out) {
  if (c >= 0x80) {
    begin_character(c, out);
    return;
  }
  if (draws_lines_[set_] && c >= '`')
    out += kLineDrawing[c - '`'];
  else
    out += static_cast<char>(c);
}

void SequenceFilter::begin_character(unsigned char lead, std::string& out) {
  const int length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  if (length == 0) {
    out += kReplacement;
    return;
  }
  missing_ = length - 1;
  code_ = lead & (0x7Fu >> length);
  character_.assign(1, static_cast<char>(lead));
}

void SequenceFilter::continue_character(unsigned char c, std::string& out) {
  if ((c & 0xC0u) != 0x80u) {
    missing_ = 0;
    out += kReplacement;
    take(c, out);
    return;
  }
  code_ = (code_ << 6) | (c & 0x3Fu);
  character_ += static_cast<char>(c);
  if (--missing_ > 0) return;
  constexpr char32_t smallest[] = {0, 0, 0xA0, 0x800, 0x10000};  // U+0080 to U+009F are controls
  const bool surrogate = code_ >= 0xD800 && code_ <= 0xDFFF;
  const bool valid = code_ >= smallest[character_.size()] && code_ <= 0x10FFFF && !surrogate;
  out += valid ? std::string_view(character_) : kReplacement;
}

void SequenceFilter::take_escape(unsigned char c, std::string& out) {
  if (c < 0x30) {  // more of it follows
    intermediate_ = static_cast<char>(c);
    state_ = State::EscapeRest;
    return;
  }
  const bool simple = state_ == State::Escape;
  state_ = State::Text;
  const char final = static_cast<char>(c);
  if (!simple) {
    if (intermediate_ == '(') draws_lines_[0] = final == '0';
    if (intermediate_ == ')') draws_lines_[1] = final == '0';
  } else if (final == '[') {
    state_ = State::Sequence;
    leader_ = 0;
    odd_ = false;
    numbers_.fill(-1);
    number_ = 0;
  } else if (std::string_view("PX]^_k").find(final) != std::string_view::npos) {
    state_ = State::String;
  } else if (std::string_view("78cDEHM").find(final) != std::string_view::npos) {
    moved_cursor_ = moved_cursor_ || final == '8' || final == 'M';
    if (final == 'c') {  // reset
      draws_lines_ = {};
      set_ = 0;
    }
    out.append("\x1b").append(1, final);
  }
}

void SequenceFilter::take_sequence(unsigned char c, std::string& out) {
  if (c >= 0x80) {  // a character ends what is no sequence
    state_ = State::Text;
    begin_character(c, out);
  } else if (c >= '0' && c <= '9') {
    int& value = numbers_[number_];
    value = std::min(std::max(value, 0) * 10 + (c - '0'), kLargest);
  } else if (c == ';') {
    if (number_ + 1 < kNumbers)
      ++number_;
    else
      odd_ = true;
  } else if (c >= 0x3C && c < 0x40) {
    odd_ = odd_ || leader_ != 0;
    leader_ = static_cast<char>(c);
  } else if (c < 0x40) {
    odd_ = true;
  } else {
    state_ = State::Text;
    finish_sequence(static_cast<char>(c), out);
  }
}

void SequenceFilter::finish_sequence(char final, std::string& out) {
  if (odd_) return;
  if (final == 'h' || final == 'l') {
    set_modes(final, out);
    return;
  }
  if (leader_ != 0) return;
  const bool no_numbers = number_ == 0 && numbers_[0] < 0;
  if (no_numbers && (final == 's' || final == 'u')) {
    out += final == 's' ? "\x1b"
                          "7"
                        : "\x1b"
                          "8";
    moved_cursor_ = moved_cursor_ || final == 'u';
    return;
  }
  const bool moves = kMoves.find(final) != std::string_view::npos;
  const bool erases = kErases.find(final) != std::string_view::npos && numbers_[0] <= 2;
  if (!moves && !erases) return;
  moved_cursor_ = moved_cursor_ || moves;
  out.append("\x1b[").append(number(numbers_[0]));
  if (number_ > 0) out.append(";").append(number(numbers_[1]));
  out += final;
}

/// One sequence for each mode, as libvterm takes only the first.
void SequenceFilter::set_modes(char final, std::string& out) {
  for (std::size_t i = 0; i <= number_; ++i) {
    int mode = numbers_[i];
    if (leader_ == 0 && mode == 4) out.append("\x1b[4").append(1, final);  // insert
    if (leader_ != '?') continue;
    if (mode == 47) mode = 1047;
    const bool alternate = mode == 1047 || mode == 1049;
    moved_cursor_ = moved_cursor_ || alternate;
    // Besides: origin, wrapping, and the cursor saved.
    if (alternate || mode == 6 || mode == 7 || mode == 1048)
      out.append("\x1b[?").append(number(mode)).append(1, final);
  }
}

bool moves_cursor(std::string_view bytes) {
  constexpr std::size_t piece = 4'096;
  SequenceFilter filter;
  std::string passed;
  for (; !bytes.empty() && !filter.moved_cursor();
       bytes.remove_prefix(std::min(piece, bytes.size()))) {
    passed.clear();
    filter.pass(bytes.substr(0, piece), passed);
  }
  return filter.moved_cursor();
}

}  // namespace orch::term
