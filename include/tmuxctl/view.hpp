#pragma once
// A user's look at a session: a session of their own in its group, which ends when they leave it
// and never resizes a window.
#include "tmuxctl/address.hpp"
#include "tmuxctl/values.hpp"

#include <string>
#include <utility>
#include <vector>

namespace tmuxctl {

struct ViewSpec {
  std::string session;  ///< the name of the one that is looked at
  std::string view;     ///< the name of the user's own
  std::string window;   ///< to go to, by its id; empty: wherever the session is
  std::string title;    ///< of the window that shows it where the terminal is in another tmux
  /// Of its session: a key that is pressed at once has them.
  std::vector<std::pair<std::string, std::string>> options{};
};

/// Where the terminal is that shows it.
enum class Around {
  Nothing,    ///< in no tmux
  SameTmux,   ///< in a client of that server, which is switched
  OtherTmux,  ///< in another one, which opens a window for it; the inner one has no prefix key
};

/// The command line that shows it.
std::vector<std::string> view_command(const Address& address, const ViewSpec& spec, Around around);
/// Shows it on our terminal until the user leaves: the exit status of tmux.
Result<int> view_session(const Address& address, const ViewSpec& spec);

}  // namespace tmuxctl
