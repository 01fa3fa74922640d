#pragma once
// What a job waits on when something else in the loop may tell it to look again.
#include "loop/job.hpp"
#include "loop/loop.hpp"
#include "orch/base/time.hpp"

#include <functional>

namespace orch::loop {

/// Any number of others set it, one job waits. Set while nobody waits, it ends the next wait at
/// once, so that nothing gets lost between a look and the wait after it.
class AutoResetEvent {
 public:
  explicit AutoResetEvent(Loop& loop);
  AutoResetEvent(const AutoResetEvent&) = delete;
  AutoResetEvent& operator=(const AutoResetEvent&) = delete;

  /// The job goes on from the loop, never inside this call.
  void set();
  /// True: it was set, and is no longer; false: nobody set it for so long.
  Awaiter<bool> wait(Span timeout);

 private:
  void tell();

  Timer timer_;
  bool set_ = false;
  std::function<void(bool)> waiting_;
};

}  // namespace orch::loop
