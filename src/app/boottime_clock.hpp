#pragma once
// The run's own time: monotonic, going on over restarts of the supervisor, still while the machine
// is off.
#include "orch/base/time.hpp"
#include "orch/port/clock.hpp"

#include <cstdint>
#include <string>

namespace orch::app {

class BoottimeClock final : public port::Clock {
 public:
  /// Goes on at `last` unless the boot is still the one in which `offset_ms` was written.
  static BoottimeClock resume(const std::string& stored_boot, std::int64_t offset_ms, Time last);

  Time now() const override;

  /// What to store: the boot and CLOCK_BOOTTIME minus the run's time in it.
  const std::string& boot() const { return boot_; }

  std::int64_t offset_ms() const { return offset_ms_; }

  /// Unix time in milliseconds: for people's eyes, never for a decision.
  static std::int64_t wall_ms();

 private:
  std::string boot_;
  std::int64_t offset_ms_ = 0;
};

}  // namespace orch::app
