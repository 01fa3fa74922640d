#pragma once
// One child from its start until it is reaped: its streams, its time-out, its end.
#include "loop/child.hpp"
#include "loop/launch.hpp"
#include "loop/stream.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace orch::loop {

/// Finished = exited and drained, in either order. A process that has exited is left a zombie until
/// then, so its number and its group cannot become somebody else's while we may signal them.
class Running {
 public:
  struct Told {
    /// Where stdout goes; when empty it is kept in Finished.out.
    std::function<void(std::string_view)> on_output;
    /// The last call: the owner destroys this from inside it.
    std::function<void(Finished)> on_finished;
  };

  Running(Loop& loop, Launched launched, std::size_t keep, Told told);

  const ProcessId& process() const { return process_; }

  Stream& in() { return in_; }

  /// Writes all of it and closes; a child that does not want to read it is no error.
  void feed(std::string input);
  /// Closes stdin when what is queued is written.
  void close_input();

  void end_after(Span timeout);
  /// Calls `look` after `late`, and again each time that twice as much time has gone by.
  void look_after(Span late, std::function<void()> look);
  /// TERM to the group, KILL to what is left of it after `grace`.
  void end(Span grace);
  void signal(int signal_number) const;
  /// Has it exited? Asked whenever some child did.
  void look();

  /// Output is kept no longer and given to nobody.
  void mute() { muted_ = true; }

  /// Kills and reaps at once, tells nobody: for when there is no loop any more.
  void kill_and_wait();

 private:
  void on_timer();
  void on_late();
  void take(std::string& kept, std::string_view bytes);
  void read(Stream& stream, Fd fd, std::function<void(std::string_view)> on_bytes);
  void finish();

  ProcessId process_;
  std::size_t keep_;
  Told told_;
  Finished result_;
  int streams_left_ = 2;
  bool exited_ = false;
  bool ending_ = false;
  bool killed_ = false;
  bool lost_ = false;  // reaped by somebody else: its number may be anybody's now
  bool muted_ = false;
  Stream in_;
  Stream out_;
  Stream err_;
  Timer timer_;  // first the time-out, then until KILL, then for the rest of the output
  std::function<void()> look_;
  Span late_ = Span(0);
  Timer late_timer_;
};

}  // namespace orch::loop
