#pragma once
// A tmux server and what is done to it over one control client: libtmux for C++.
//
//     tmuxctl::Server server(loop, children, tmuxctl::Address::named("tmux-orch"));
//     Status up = co_await server.start(spec);
//     Result<Opened> window = co_await server.open_window(window_spec);
//
// All calls of one turn of the loop go out in one write, and are answered in order. Every call
// ends: by tmux's answer, by a time-out, or by the end of the connection (may_have_run() tells them
// apart).
#include "loop/job.hpp"
#include "orch/base/process.hpp"
#include "tmuxctl/address.hpp"
#include "tmuxctl/values.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace orch::loop {
class Children;
class Loop;
}  // namespace orch::loop

namespace tmuxctl {

class Link;

using orch::loop::Awaiter;
using orch::loop::Job;

enum class Loss {
  Client,   ///< only our client ended; the next one is being started, on_connected tells when
  Session,  ///< the server lives and our session does not: final
  Server,   ///< the server ended, and with it every program in its panes: final
};

struct Events {
  /// Called at once: on the client's `%exit`, its end of file, a time-out, the server's death.
  /// Commands without an answer were told before. Loss::Server may follow on Loss::Client.
  std::function<void(Loss, const std::string& why)> on_lost;
  std::function<void()> on_connected;  ///< again, after a Loss::Client
  std::function<void(const Notice&)> on_notice;
};

/// One Server is one server process for its whole life: after a Loss::Server or Loss::Session make
/// another. Pane and window ids need no further guard here: a connection that finds another server
/// on the socket is closed before anything is sent on it, so that an id reaches the server that
/// gave it out, or nobody. (Ids that were stored: compare process() with what was stored with
/// them.)
///
/// Must not be destroyed from within one of its callbacks.
class Server {
 public:
  Server(orch::loop::Loop& loop, orch::loop::Children& children, Address address);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  Events events;  ///< set before start() or connect()

  /// Makes the server and the session where they are missing, and connects. A server that is just
  /// ending is waited for, 5 s at most. Raises this process's soft limit of open files first, as
  /// the server inherits it. Fault::NotFound: tmux is not installed; Refused: it is older than 3.2,
  /// or does not accept the socket's folder.
  Job<Status> start(StartSpec spec);
  /// To a session that is there, by its exact name. Fault::NotFound: there is none, or no server.
  Job<Status> connect(std::string session_name);

  bool connected() const;

  const Address& address() const { return address_; }

  /// The server's identity; together with it, ids may be stored.
  orch::ProcessId process() const;
  /// The control client's identity.
  orch::ProcessId client() const;
  SessionId session() const;
  std::string version() const;  ///< "3.3a"

  /// Any other command. NotFound, BadInput and Refused carry tmux's own words.
  void send(Line line, std::function<void(Result<Reply>)> done);
  Awaiter<Result<Reply>> ask(Line line);

  Job<Result<Opened>> open_window(WindowSpec spec);
  Job<Status> kill_window(WindowId window);
  /// Starts a program in a window in the place of its own, whether that has ended or not.
  Job<Status> respawn_window(WindowId window, std::vector<std::string> argv);
  /// Has its program draw everything again.
  Job<Status> resize_window(WindowId window, int columns, int rows);
  /// Makes it the one that the session shows. Nobody waits for it: what is asked for in the same
  /// turn of the loop is done right behind it.
  void show_window(const SessionId& session, const WindowId& window);
  Job<Status> kill_session(SessionId session);
  /// Answers when the server's process is gone.
  Job<Status> kill_server();
  Job<Result<bool>> has_session(std::string name);
  /// All of the server.
  Job<Result<std::vector<Session>>> list_sessions();
  Job<Result<std::vector<Client>>> list_clients();
  /// A user option of a session, such as "@orch_root"; empty: it is not set.
  Job<Result<std::string>> session_option(SessionId session, std::string name);
  /// All of them, in one batch; the first error is reported, the others are set nevertheless.
  Job<Status> set_options(std::vector<Option> options);

  /// All panes of the session; `option`, e.g. "@orch_key", is read into Pane::option.
  Job<Result<std::vector<Pane>>> list_panes(SessionId session, std::string option = {});
  /// Fault::Conflict: the pane's size changed meanwhile; capture again.
  Job<Result<Screen>> capture(PaneId pane, CaptureSpec spec = {});

  /// Reads a file into a paste buffer: any bytes of any length, and no trace of them in tmux's log.
  Job<Status> load_buffer(std::string buffer, std::string file);
  Job<Result<bool>> has_buffer(std::string buffer);
  /// Pastes the buffer, bracketed where the program asked for that, and deletes it, in one command.
  /// A dead pane is Fault::Refused and the buffer is kept: a paste there would crash tmux 3.3a.
  Job<Status> paste(PaneId pane, std::string buffer);
  /// One key by its tmux name, such as "Enter". Lost in a pane that is in copy mode.
  Job<Status> press(PaneId pane, std::string key);
  /// Ends copy mode, if the pane is in it; a user's place in the history is lost.
  Job<Status> leave_mode(PaneId pane);

 private:
  Job<Status> command(Line line);
  Job<Status> on_window(std::string_view verb, WindowId window, std::string words);
  Job<Result<std::string>> ensure_session(StartSpec spec);
  Job<Status> link_to(std::string session);
  Job<Status> set_session_defaults(StartSpec spec);
  Job<Status> check_sizes(std::string version);

  orch::loop::Loop& loop_;
  orch::loop::Children& children_;
  Address address_;
  std::unique_ptr<Link> link_;
};

}  // namespace tmuxctl
