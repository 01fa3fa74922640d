#pragma once
// Starts commands and reaps them: the only Boost, the only fork, the only wait of the program.
//
// Every command has a time-out, a bound on what is kept of its output, and a parent-death signal,
// so that none outlives a supervisor that was killed. It runs in a process group of its own.
#include "loop/job.hpp"
#include "loop/loop.hpp"
#include "orch/base/process.hpp"
#include "orch/base/result.hpp"
#include "orch/base/time.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace orch::loop {

struct Command {
  std::vector<std::string> argv;      ///< argv[0] is looked up in PATH; no shell anywhere
  std::string cwd;                    ///< must exist; empty: the supervisor's own
  std::vector<std::string> base_env;  ///< NAME=VALUE instead of the inherited ones; empty: those
  std::vector<std::pair<std::string, std::string>> env;  ///< added to, or replacing, the base
  std::vector<std::string> unset;                        ///< names taken out of the environment
  std::string input;                                     ///< written to stdin; empty: /dev/null
  Span timeout = std::chrono::seconds(30);
  std::size_t keep = 16u << 20;  ///< bytes kept of each of stdout and stderr
  bool stoppable = false;        ///< stop_long() ends it
  /// Called when it has run for `late`, and again each time that it has run twice as long as then:
  /// the second argument ends it, as its time-out would, and does nothing once it has ended.
  std::function<void(const ProcessId&, std::function<void()>)> on_late;
  Span late = std::chrono::seconds(2);
  bool many_files = false;  ///< keeps our raised limit of open files: a tmux server
};

struct Finished {
  int code = 0;    ///< exit code, when it exited by itself; -1 if somebody else has waited for it
  int signal = 0;  ///< otherwise the signal that ended it
  bool timed_out = false;
  bool cut = false;  ///< output was longer than `keep`
  std::string out;
  std::string err;

  bool ok() const { return code == 0 && signal == 0 && !timed_out; }

  /// "git exited with 128: fatal: ..." for an Error; `name` is the command as the user knows it.
  std::string text(std::string_view name) const;
};

class Children {
 public:
  explicit Children(Loop& loop);
  /// Kills what is left, waits for it.
  ~Children();
  Children(const Children&) = delete;
  Children& operator=(const Children&) = delete;

  using Done = std::function<void(Result<Finished>)>;

  /// `done` is called from the loop exactly once; an Error means that nothing was run, Fault::Busy
  /// that it could be later. Where few descriptors are left it is started when another one ended.
  void run(Command command, Done done);
  /// `Result<Finished> f = co_await children.run(command);`
  Awaiter<Result<Finished>> run(Command command);

  /// A child with open pipes that lives until stopped: the tmux control client. Destroying it ends
  /// the child (end of input and TERM, KILL 2 s later), and no callback comes any more.
  /// `on_output` gets bytes as they come; `on_exit` comes once, after the last byte.
  class Pipe {
   public:
    virtual ~Pipe() = default;
    /// Queued without bound by the caller's own bound; bytes in flight are told by pending().
    virtual void write(std::string bytes) = 0;
    virtual std::size_t pending() const = 0;
    virtual void close_input() = 0;
    virtual ProcessId process() const = 0;
    virtual void kill(int signal_number) = 0;
  };

  /// The command's time-out does not count here; `keep` bounds what is kept of stderr.
  Result<std::unique_ptr<Pipe>> open(Command command,
                                     std::function<void(std::string_view)> on_output,
                                     std::function<void(Finished)> on_exit);

  /// Told the identity of each child when it starts and when it ended: what the store records, so
  /// that the next start can end the children of a supervisor that was killed.
  std::function<void(const ProcessId&, const Command&)> on_start;
  std::function<void(const ProcessId&)> on_end;

  std::size_t alive() const;
  /// Ends the commands that may take long and can be begun again, as their time-out would.
  void stop_long(Span grace);
  /// TERM to all groups, KILL after `grace`; calls `done` when the last one is reaped. From now on
  /// nothing is started any more.
  void stop_all(Span grace, std::function<void()> done);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace orch::loop
