#pragma once
// What a job waits on when something else in the loop may tell it to look again.
#include "loop/job.hpp"
#include "loop/loop.hpp"
#include "orch/base/time.hpp"

#include <functional>

namespace orch::loop {

/// Any number of others ring, one job waits. What was rung while nobody waited counts for the next
/// wait: between a look and the wait after it nothing gets lost.
class Bell {
 public:
  explicit Bell(Loop& loop);
  Bell(const Bell&) = delete;
  Bell& operator=(const Bell&) = delete;

  /// The job goes on from the loop, never inside this call.
  void ring();
  /// True: it was rung; false: nobody did for so long.
  Awaiter<bool> rung(Span patience);

 private:
  void tell();

  Timer timer_;
  bool rung_ = false;
  std::function<void(bool)> waiting_;
};

}  // namespace orch::loop
