#pragma once
// Which tmux server is meant: by the name of its socket (-L) or by the socket's path (-S).
#include "orch/base/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tmuxctl {

class Address {
 public:
  /// `tmux -L name`; "default" is the server that a plain `tmux` talks to.
  static Address named(std::string name) { return Address(false, std::move(name)); }

  /// `tmux -S path`; the folder has to exist.
  static Address at(std::string path) { return Address(true, std::move(path)); }

  /// The words every tmux command line begins with: tmux -u -L NAME. Without -u tmux turns all that
  /// is not ASCII into `_` where the locale is not UTF-8.
  std::vector<std::string> argv() const;
  /// Where the socket is. `tmux_tmpdir` is $TMUX_TMPDIR; tmux takes /tmp where that is not a
  /// folder.
  std::filesystem::path socket(std::string_view tmux_tmpdir) const;
  /// "-L NAME" or "-S PATH": for people, who can type it after `tmux`.
  std::string text() const;
  /// A name with a slash or no text at all, a path too long for a socket: Fault::BadInput.
  orch::Status check(std::string_view tmux_tmpdir) const;

  bool operator==(const Address&) const = default;

 private:
  Address(bool is_path, std::string value) : is_path_(is_path), value_(std::move(value)) {}

  bool is_path_;
  std::string value_;
};

/// $TMUX_TMPDIR, or empty.
std::string tmux_tmpdir();

}  // namespace tmuxctl
