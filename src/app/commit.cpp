// The one way an event becomes durable.
#include "app/commit.hpp"

#include "app/boottime_clock.hpp"
#include "orch/base/failpoint.hpp"

#include <fmt/format.h>

namespace orch::app {

Result<std::int64_t> commit_event(store::Store& store, const std::string& run, const Event& event,
                                  const Decision& decision, const State& after, Time now) {
  for (const auto& [id, effect] : decision.effects) {
    failpoint(fmt::format("{}.before_intent", name_of(effect)));
  }
  Result<std::int64_t> seq =
      store.commit(run, event, decision, after, now, BoottimeClock::wall_ms());
  if (!seq) return seq;
  for (const auto& [id, effect] : decision.effects) {
    failpoint(fmt::format("{}.after_intent", name_of(effect)));
  }
  return seq;
}

}  // namespace orch::app
