#pragma once
// What is asked of a server, or done to one, by a process of its own: for where there is no
// connection, and only once.
#include "loop/child.hpp"
#include "loop/job.hpp"
#include "orch/base/result.hpp"
#include "orch/base/time.hpp"
#include "tmuxctl/address.hpp"
#include "tmuxctl/values.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace tmuxctl {

using orch::loop::Job;

/// Is tmux there and at least 3.2? Its version, as "3.3a".
Job<Result<std::string>> check_tmux(orch::loop::Children& children);

/// One command by a process of its own: for where there is no connection. Its standard output.
Job<Result<std::string>> run_once(orch::loop::Children& children, Address address,
                                  std::vector<std::string> words,
                                  Span timeout = std::chrono::seconds(10));

/// Refused where a window that a command makes in that server would crash it, with all that lives
/// there: tmux up to 3.6 does where windows are sized by hand everywhere.
Job<Status> check_window_sizes(orch::loop::Children& children, Address address,
                               std::string version);

/// By run_once(), as all below.
Job<Result<std::vector<Session>>> list_sessions(orch::loop::Children& children, Address address);
Job<Status> kill_session(orch::loop::Children& children, Address address, SessionId session);
/// The value of a session's own option, without its line's end. Fault::NotFound: there is no such
/// session, or no server.
Job<Result<std::string>> session_option(orch::loop::Children& children, Address address,
                                        std::string session_name, std::string option);
/// Shows one line to the client of that name for `time`, or until it presses a key.
Job<Status> tell_client(orch::loop::Children& children, Address address, std::string client,
                        std::string text, Span time);

/// A pane as it is at this moment.
struct PaneText {
  std::string rows;  ///< as capture-pane prints them
  std::string title;
  bool dead = false;
  int width = 0;
  int height = 0;
};

/// Fault::NotFound: there is no such pane, or no server.
Job<Result<PaneText>> capture_once(orch::loop::Children& children, Address address, PaneId pane);

/// Has whoever typed last at a session with that window look at it, if its option has that value:
/// by then it may be somebody else's window. Fault::NotFound: it has not, or is gone.
Job<Status> select_window(orch::loop::Children& children, Address address, WindowId window,
                          std::string option, std::string value);

/// Runs a command of two or more words in a window over what the client of that name shows, until
/// it ends, an hour at most.
Job<Status> open_popup(orch::loop::Children& children, Address address, std::string client,
                       std::vector<std::string> argv);

/// Ends the server and all programs in its panes. No server there is an error.
Job<Status> kill_server(orch::loop::Children& children, Address address);

}  // namespace tmuxctl
