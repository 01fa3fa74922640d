#pragma once
// Which modes the agent has set in its terminal, told from its output.
#include <string>
#include <string_view>

namespace orch::shim {

class OutputModes {
 public:
  /// May be cut anywhere.
  void read(std::string_view output);

  /// The agent wants pastes between signs (DEC private mode 2004).
  bool bracketed_paste() const { return bracketed_paste_; }

  /// The agent wants the positions of the mouse as UTF-8 (1005).
  bool utf8_mouse() const { return utf8_mouse_; }

  /// The agent wants arrow keys in their other form (1).
  bool application_cursor() const { return application_cursor_; }

 private:
  enum class State { Ground, Escape, Csi };

  void step(char byte);
  void set(bool on);

  State state_ = State::Ground;
  std::string parameters_;
  bool bracketed_paste_ = false;
  bool utf8_mouse_ = false;
  bool application_cursor_ = false;
};

}  // namespace orch::shim
