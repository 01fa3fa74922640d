#pragma once
// What of a program's output may get to the terminal emulation: text in valid UTF-8, and the
// control sequences that say where text goes, each written anew with few and small numbers.
//
// Line-drawing characters, which have a set of their own, come out as those of Unicode.
//
// The output is untrusted, and libvterm is not made for that: version 0.1.4 writes past its list of
// numbers when a sequence has more than 16, moves the cursor off the screen for characters of
// negative width (U+0080 to U+009F), puts texts of any length on the stack, and never ends when a
// mark is to be repeated (ESC [ b). None of it gets there.
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace orch::term {

class SequenceFilter {
 public:
  /// Appends to `out` what `bytes` come to; sequences and characters may be cut between two calls.
  /// Characters are never cut in `out`.
  void pass(std::string_view bytes, std::string& out);

  /// Has anything moved the cursor (other than to the next line or column), or asked for the
  /// alternate screen?
  bool moved_cursor() const { return moved_cursor_; }

 private:
  enum class State { Text, Escape, EscapeRest, Sequence, String, StringEscape };

  void take(unsigned char c, std::string& out);
  void take_text(unsigned char c, std::string& out);
  void take_control(unsigned char c, std::string& out);
  void take_escape(unsigned char c, std::string& out);
  void take_sequence(unsigned char c, std::string& out);
  void begin_character(unsigned char lead, std::string& out);
  void continue_character(unsigned char c, std::string& out);

  void finish_sequence(char final, std::string& out);
  void set_modes(char final, std::string& out);

  static constexpr std::size_t kNumbers = 8;  // DEC modes may come several at a time

  State state_ = State::Text;
  char32_t code_ = 0;      // of the character that has begun
  std::string character_;  // its bytes
  int missing_ = 0;        // bytes of it that are still to come
  char intermediate_ = 0;
  char leader_ = 0;
  bool odd_ = false;  // the sequence has something that none of those we know has
  std::array<int, kNumbers> numbers_{};
  std::size_t number_ = 0;  // the one that is being read

  // Of the two sets of characters: is it that of lines and corners?
  std::array<bool, 2> draws_lines_{};
  std::size_t set_ = 0;  // the one in use
  bool moved_cursor_ = false;
};

/// Does a program that prints this draw on its terminal, so that its bytes alone tell people
/// nothing?
bool moves_cursor(std::string_view bytes);

}  // namespace orch::term
