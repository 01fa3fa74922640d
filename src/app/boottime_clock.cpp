// The run's own time.
#include "app/boottime_clock.hpp"

#include "loop/loop.hpp"
#include "orch/base/process.hpp"

#include <chrono>

namespace orch::app {

BoottimeClock BoottimeClock::resume(const std::string& stored_boot, std::int64_t offset_ms,
                                    Time last) {
  BoottimeClock clock;
  clock.boot_ = boot_id();
  const std::int64_t boottime = loop::Loop::boottime_ms();
  const bool same_boot = !stored_boot.empty() && stored_boot == clock.boot_;
  clock.offset_ms_ = same_boot ? offset_ms : boottime - to_ms(last);
  return clock;
}

Time BoottimeClock::now() const {
  return at_ms(loop::Loop::boottime_ms() - offset_ms_);
}

std::int64_t BoottimeClock::wall_ms() {
  using std::chrono::duration_cast;
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return duration_cast<std::chrono::milliseconds>(since_epoch).count();
}

}  // namespace orch::app
