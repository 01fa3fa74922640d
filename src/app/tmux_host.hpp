#pragma once
// The run's session on its tmux server: made when it is missing, also again after the server died.
#include "loop/job.hpp"
#include "loop/loop.hpp"
#include "orch/base/result.hpp"
#include "orch/config/config.hpp"
#include "tmuxctl/server.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace orch::loop {
class Children;
}

namespace orch::app {

/// Which tmux server a configuration means. `ours`: the private one, which all runs of a user
/// share; any other may be the user's, and every option of the whole server stays there as it was.
struct TmuxServer {
  tmuxctl::Address address;
  bool ours = false;
  bool with_our_config = false;  ///< when it has to be started: `default` gets the user's own
};

/// `root`: a relative path of a socket is seen from there.
TmuxServer tmux_server(const TmuxRules& rules, const std::filesystem::path& root);

/// The name of the session of that repository's runs.
std::string session_name(const std::filesystem::path& repository);

/// What the session is made with.
struct SessionSpec {
  TmuxServer server;
  std::string session;            ///< its name
  std::vector<std::string> home;  ///< what runs in window 0
  std::string config;             ///< our configuration file
  int history = 5000;
  std::vector<std::pair<std::string, std::string>> options;  ///< of the session: @orch_root ...
};

class TmuxHost {
 public:
  TmuxHost(loop::Loop& loop, loop::Children& children, SessionSpec spec);
  ~TmuxHost();

  /// Called when the server is gone, and with it every window.
  std::function<void(const std::string& why)> on_server_lost;

  /// Called when a session came or went: somebody may look through one of their own now.
  std::function<void()> on_sessions_changed;

  /// The server with our session, connected. Several may wait for the same start.
  loop::Awaiter<Result<tmuxctl::Server*>> ready();
  /// The server if it is connected at this moment, else nullptr: for what can wait or be left out.
  tmuxctl::Server* connected();

  /// Ends the session of a run that is over, unless somebody is looking at it.
  loop::Job<Status> close_if_unwatched();

  const SessionSpec& spec() const { return spec_; }

 private:
  using Waiter = std::function<void(Result<tmuxctl::Server*>)>;

  loop::Job<Status> start();
  void started(Status status);
  void lost(tmuxctl::Loss loss, const std::string& why);

  loop::Loop& loop_;
  loop::Children& children_;
  SessionSpec spec_;
  std::unique_ptr<tmuxctl::Server> server_;
  std::vector<std::unique_ptr<tmuxctl::Server>> retired_;  // freed outside of their callbacks
  std::vector<Waiter> waiting_;
  bool starting_ = false;
  bool usable_ = false;
};

}  // namespace orch::app
