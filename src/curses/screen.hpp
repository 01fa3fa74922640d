#pragma once
// The terminal, by ncurses: draws frames, of which only the cells that changed are sent, and reads
// keys. The only file that knows ncurses.
#include "dashboard/frame.hpp"
#include "dashboard/keys.hpp"
#include "orch/base/result.hpp"

#include <memory>
#include <optional>

namespace orch::curses {

class Screen {
 public:
  /// Takes the terminal of standard input and output over. Fault::Refused: it cannot be drawn on.
  /// A program has one at a time.
  static Result<std::unique_ptr<Screen>> open(bool colours);
  /// Leaves the terminal as it was.
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  dashboard::Size size() const;
  /// Asks the terminal for its size; to be called when it has changed.
  void fit();
  void draw(const dashboard::Frame& frame);
  /// The next key; never waits. Nothing: there is none.
  std::optional<dashboard::Key> read();
  void ring();

  /// Leaves the terminal to another program, and takes it back.
  void suspend();
  void resume();

 private:
  struct Terminal;
  Screen(std::unique_ptr<Terminal> terminal);

  std::unique_ptr<Terminal> terminal_;
};

}  // namespace orch::curses
