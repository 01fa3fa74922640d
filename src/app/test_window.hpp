#pragma once
// The window of the run that shows what tests and gates print: opened when the first ones begin,
// there as long as the session is. One that the user closes stays closed for that run.
#include "loop/job.hpp"
#include "orch/base/result.hpp"

#include <string>
#include <vector>

namespace tmuxctl {
class Server;
}

namespace orch::app {

struct RunContext;
class TmuxHost;

/// Its number: above those of that many tasks.
int test_window_index(std::size_t tasks);

class TestWindow {
 public:
  TestWindow(TmuxHost& tmux, const RunContext& context, std::size_t tasks);

  /// Called as tests begin.
  void show();
  /// Called when the session is there, perhaps later than that.
  void session_is_there();
  /// The server is gone, and its windows with it.
  void forget();

 private:
  loop::Job<Status> open(tmuxctl::Server& server);
  loop::Job<Status> open_new(tmuxctl::Server& server);
  std::vector<std::string> command() const;

  TmuxHost& tmux_;
  const RunContext& context_;
  std::size_t tasks_;
  bool wanted_ = false;
  bool done_ = false;  ///< or under way
};

}  // namespace orch::app
