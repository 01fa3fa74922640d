#pragma once
// One -F template for each kind of object, and the reader of the rows it makes.
//
// Fields are separated by a tab: it cannot occur in ids, numbers or a title (tmux strips control
// bytes from those), and unlike rarer control bytes it is printed as it is by all versions.
// Untrusted text stands last.
#include "orch/base/result.hpp"
#include "tmuxctl/values.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tmuxctl {

/// The template of list-sessions, and its rows; lines without a tab are passed over here too.
std::string session_format();
Result<std::vector<Session>> read_sessions(const std::vector<std::string>& lines);

/// The template of list-clients, and its rows.
std::string client_format();
Result<std::vector<Client>> read_clients(const std::vector<std::string>& lines);

/// The template of list-panes, not quoted yet; `option` is the name of a user option, or empty.
std::string pane_format(std::string_view option);
/// Rows of pane_format(). Lines without a tab are no rows (notices, the rest of an option's value
/// with newlines) and are passed over; a row with a wrong field is Fault::Corrupt.
Result<std::vector<Pane>> read_panes(const std::vector<std::string>& lines);

/// The row that new-window -P prints.
std::string opened_format();
Result<Opened> read_opened(std::string_view row);

/// The fence's row after a captured screen.
std::string screen_format();

struct Captured {
  Screen screen;    ///< without its rows
  int history = 0;  ///< lines that the pane holds above its screen
};

Result<Captured> read_screen(std::string_view row);

/// Who answers: the first thing a new client asks.
struct ServerInfo {
  pid_t pid = 0;
  SessionId session;
  std::string version;
};

std::string server_info_format();
Result<ServerInfo> read_server_info(std::string_view row);

}  // namespace tmuxctl
