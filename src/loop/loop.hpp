#pragma once
// The one event loop: owns uv_loop_t. Everything that waits hangs on it.
#include "loop/job.hpp"
#include "orch/base/result.hpp"
#include "orch/base/time.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

struct uv_loop_s;

namespace orch::loop {

class Loop {
 public:
  Loop();
  /// Asserts that no handle is left: an owner that outlives the loop is a bug.
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Runs until stop() or until nothing is left to wait for.
  void run();
  void stop();
  /// Calls `later` from the loop, after the callback that is running now; in order.
  void post(std::function<void()> later);
  /// Calls `later` once that span is over. What is not due when the loop is destroyed is dropped.
  void after(Span span, std::function<void()> later);
  /// Calls `work` in another thread, and then `done` from the loop. The loop's end waits
  /// for work that has begun, drops what has not, and calls no `done`. See off_loop().
  void work(std::function<void()> work, std::function<void()> done);

  /// Milliseconds of CLOCK_BOOTTIME: goes on while the machine sleeps, never steps.
  static std::int64_t boottime_ms();

  uv_loop_s* uv() { return uv_.get(); }

 private:
  struct Due;
  struct Work;
  std::unique_ptr<uv_loop_s> uv_;
  std::unique_ptr<Due> due_;
};

/// A timer as a member: destroying it cancels it.
class Timer {
 public:
  Timer(Loop& loop, std::function<void()> fire);
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  void once(Span after);
  void every(Span period);
  void cancel();

 private:
  struct Handle;
  Handle* handle_;  // owned; freed by libuv's close callback
};

/// `co_await pause(loop, 50ms)`; always true.
Awaiter<bool> pause(Loop& loop, Span span);

/// Calls back on a signal (never SIGCHLD: that belongs to Children).
class SignalWatch {
 public:
  SignalWatch(Loop& loop, int signal_number, std::function<void()> fire);
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

 private:
  struct Handle;
  Handle* handle_;
};

/// Calls back once when a process that need not be our child ends (pidfd; falls back to looking
/// every 200 ms where the kernel has none or few descriptors are left). A process that is already
/// gone fires on the next turn.
class ExitWatch {
 public:
  ExitWatch(Loop& loop, int pid, std::function<void()> fire);
  ~ExitWatch();
  ExitWatch(const ExitWatch&) = delete;
  ExitWatch& operator=(const ExitWatch&) = delete;

 private:
  struct Handle;
  Handle* handle_;
};

/// Calls back, at most once per `quiet` span, when anything in a folder (or one file's folder)
/// changes. A hint, not a list of changes: the reader looks for itself. Where inotify is not to be
/// had (limit 0), it falls back to calling every 2 s.
class Watch {
 public:
  Watch(Loop& loop, std::string folder, Span quiet, std::function<void()> fire);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

 private:
  struct Handle;
  Handle* handle_;
};

}  // namespace orch::loop
