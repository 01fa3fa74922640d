#pragma once
// The life of one program and of everything it starts, to the last process.
#include "orch/attempt/attempt.hpp"
#include "orch/base/time.hpp"

#include <sys/types.h>

#include <optional>

namespace orch::shim {

/// Monotonic, from an arbitrary start.
Span now();
/// Unix time.
std::int64_t wall_ms();
/// What poll() takes: until `when`, rounded up; -1 for never.
int poll_timeout(std::optional<Span> when);

/// Makes us the parent of every orphan below us: a program that turns itself into a daemon cannot
/// get away.
void become_reaper();

/// Running, until the program ends; draining, until its output is read or a second has passed (a
/// process it left may keep the other end open for ever); clearing, until nothing of it is
/// left; over.
///
/// To stop means SIGTERM to every process, once (a second one makes some programs skip their
/// cleaning up), SIGKILL after the grace, until none is left. What SIGKILL does not end in ten
/// seconds, because it belongs to root or hangs in the kernel, is given up and counted.
class Life {
 public:
  /// `started`: when it was begun to be started. `boxed`: the program is a sandbox that kills what
  /// is in it when it ends; it is not asked to, or what is in it would have no grace, and ends when
  /// that has.
  Life(pid_t program, Span started, Span grace, bool boxed = false);

  /// `why` becomes the ending, unless the program has ended by itself already.
  void stop(EndKind why);
  /// Call after each turn of poll(). `drained`: the program's output is at its end.
  void advance(bool drained);

  /// When advance() wants to be called even if nothing happens.
  std::optional<Span> next_look() const;

  bool program_ended() const { return stage_ != Stage::Running; }

  bool over() const { return stage_ == Stage::Over; }

  /// Complete but for `bytes`, once over.
  ProcessEnd outcome() const;

 private:
  enum class Stage { Running, Draining, Clearing, Over };

  void reap();
  void ask_all();
  void kill_all();

  pid_t program_;
  Span grace_;
  bool boxed_;
  Span started_;
  Stage stage_ = Stage::Running;
  std::optional<int> status_;  // as waitpid gives it
  bool childless_ = false;     // so nothing below us is left
  std::optional<EndKind> cause_;
  Span ended_{0};
  Span drain_until_{0};
  std::optional<Span> kill_at_;  // set once all were asked
  Span give_up_at_{0};
  int left_over_ = 0;
  int survivors_ = 0;
};

}  // namespace orch::shim
