#pragma once
// What a key does: another view, and perhaps something to be done.
#include "dashboard/board.hpp"
#include "dashboard/frame.hpp"
#include "dashboard/request.hpp"
#include "dashboard/view.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace orch::dashboard {

enum class KeyKind : std::uint8_t {
  Text,  ///< a character
  Up,
  Down,
  PageUp,
  PageDown,
  Home,
  End,
  Enter,
  Escape,
  Backspace,
  Tab,
  Interrupt,  ///< Ctrl-C
  Clear,      ///< Ctrl-U
  WheelUp,
  WheelDown,
  Click,  ///< on `row`
};

struct Key {
  KeyKind kind = KeyKind::Text;
  std::string text{};  ///< UTF-8 of one character
  std::size_t row = 0;
};

struct Pressed {
  View view;
  std::optional<Request> request;  ///< to be carried out
  bool leaves = false;
};

/// `shown` is what was on the screen when the key was pressed.
Pressed press(const Board& board, View view, const Frame& shown, const Key& key);

}  // namespace orch::dashboard
