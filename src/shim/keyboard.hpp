#pragma once
// Tells from the bytes of the input when a person typed, and whether what they typed is still
// there.
#include "orch/base/time.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace orch::shim {

/// A draft is what stands in the agent's input: pastes and text of more than one key open it;
/// Enter, Ctrl-C and Ctrl-U end it. All other keys are typing as well, but leave it as it is.
///
/// What the terminal itself sends is nobody's typing: answers to the agent's questions, the mouse,
/// the focus. One of them looks like a key (F3 with a modifier is a cursor position) and counts as
/// an answer.
class Keyboard {
 public:
  void read(std::string_view bytes, Span now);
  /// A sequence that has not gone on for long enough was a key: Escape, or one with Alt.
  void advance(Span now);
  std::optional<Span> next_look() const;

  /// The agent has the positions of the mouse sent as UTF-8 (DEC private mode 1005).
  void expect_utf8_mouse(bool expected) { utf8_mouse_ = expected; }

  std::optional<Span> last_typed() const { return last_typed_; }

  bool has_draft() const { return draft_; }

  /// The last bytes are the beginning of a key or of an answer.
  bool in_sequence() const { return state_ != State::Ground && state_ != State::Paste; }

 private:
  enum class State { Ground, Escape, Csi, Ss3, Mouse, String, StringEscape, Paste };

  void step(char byte, Span now);
  void on_ground(char byte, Span now);
  void on_escape(char byte, Span now);
  void on_csi(char byte, Span now);
  void on_mouse(char byte);
  void on_string(char byte);
  void on_paste(char byte, Span now);
  void end_csi(char final, Span now);
  void key(Span now);
  void single_text(Span now);
  void text(Span now);

  State state_ = State::Ground;
  std::string parameters_;       // of a CSI sequence
  std::size_t length_ = 0;       // of a string, so far
  int mouse_bytes_ = 0;          // still to come
  std::size_t end_matched_ = 0;  // so many bytes of the sign that ends a paste
  Span last_byte_ = Span(0);
  std::optional<Span> last_typed_;
  bool draft_ = false;
  int in_a_row_ = 0;  ///< keys with text, one soon after the other
  bool utf8_mouse_ = false;
};

}  // namespace orch::shim
