#pragma once
// The pane's terminal, and the inner one we give the agent.
#include "orch/base/files.hpp"
#include "orch/base/result.hpp"

#include <termios.h>

#include <optional>
#include <string>

namespace orch::shim {

/// The terminal we run in; put back as it was by the destructor.
class Terminal {
 public:
  static Result<Terminal> open();
  Terminal(Terminal&&) = default;

  ~Terminal() { restore(); }

  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  /// Never blocks; nobody else shares its settings.
  int fd() const { return fd_.get(); }

  const termios& original() const { return original_; }

  struct Size {
    int rows = 0;
    int columns = 0;
  };

  /// Its size, which the inner one has now; nothing: it is not known.
  std::optional<Size> pass_size_to(int inner) const;
  void make_raw();
  void restore();

 private:
  Terminal() = default;

  Fd fd_;
  termios original_{};
};

/// A new terminal: `master` is ours and never blocks, `slave` the agent's.
struct InnerTerminal {
  Fd master;
  Fd slave;
  std::string name;
};

/// With the outer one's size and settings (erase character, UTF-8).
Result<InnerTerminal> open_inner(const Terminal& outer);

/// Does the terminal put lines together for who reads it? Asked of either end.
bool is_in_line_mode(int fd);

}  // namespace orch::shim
