#pragma once
// Shows the state: window names and colours, the status line, progress.txt. Changed values only, a
// few times a second at most, and never a reason for anything to wait.
#include "app/paths.hpp"
#include "loop/job.hpp"
#include "loop/loop.hpp"
#include "orch/core/state.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tmuxctl {
class Server;
}

namespace orch::app {

class TmuxHost;

class Publisher {
 public:
  Publisher(loop::Loop& loop, TmuxHost& tmux, const State& state, RunPaths run);

  /// Something was decided: progress.txt may say something else.
  void decided();
  /// Something that windows show changed: shown within a quarter of a second.
  void touch();
  /// Shows everything again at the next turn: the tmux server is another one.
  void forget();
  /// Writes progress.txt if it says something else, and the heartbeat when that is due; called
  /// once a second.
  void heartbeat();

 private:
  void publish();
  loop::Job<Status> push(tmuxctl::Server& server);
  std::string heartbeat_text() const;
  void write_progress();

  TmuxHost& tmux_;
  const State& state_;
  RunPaths run_;
  loop::Timer soon_;
  bool armed_ = false;
  bool pushing_ = false;
  bool changed_ = true;                         ///< since progress.txt was compared
  std::string written_;                         ///< what progress.txt has
  std::optional<std::string> shown_heartbeat_;  ///< in the status line; nothing: not known
  std::map<std::string, std::string> shown_;    ///< "target option" -> value
};

}  // namespace orch::app
