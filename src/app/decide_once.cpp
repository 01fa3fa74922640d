// One turn of the loop of a run, whose effects are left to a supervisor.
#include "app/decide_once.hpp"

#include "app/boottime_clock.hpp"
#include "app/run_ledger.hpp"
#include "orch/core/engine.hpp"
#include "run/run_loop.hpp"

#include <utility>
#include <vector>

namespace orch::app {
namespace {

/// Begins nothing: every effect is in the outbox by then, and recovery begins those.
class LeftInOutbox final : public port::Effects {
 public:
  void begin(EffectId, const Effect&, Ended) override {}
};

/// Reports stay in their spools, and who ended meanwhile is found by recovery.
class LeftInSpools final : public port::Inbox {
 public:
  std::vector<AgentReported> read(const AgentRun&) override { return {}; }

  void forget(const AgentReported&) override {}

  void follow(const AgentRun&, Exited) override {}

  void unfollow(const TaskId&) override {}
};

}  // namespace

Status decide_once(store::Store& store, const Paths& paths, const store::RunInfo& info, State state,
                   Event event) {
  const Result<std::vector<store::TraceRow>> last = store.last_trace(info.id);
  if (!last) return passed_on(last);
  const BoottimeClock clock = BoottimeClock::resume(info.boot_id, info.clock_offset_ms,
                                                    last->empty() ? at_ms(0) : last->front().at);
  RunLedger ledger(store, nullptr, paths, info, clock);
  if (Status opened = ledger.open(); !opened) return opened;
  LeftInOutbox effects;
  LeftInSpools inbox;
  Engine engine(std::move(state));
  // The loop is drained at once, and the reply says what broke: nobody has to be told.
  RunLoop loop(engine, {ledger, effects, inbox, clock},
               {.wake = [] {}, .decided = [](const Decision&) {}, .broken = [](const Error&) {}});
  Status kept;
  loop.post(std::move(event), [&kept](const Result<Decision>& decision) {
    if (!decision) kept = passed_on(decision);
  });
  loop.drain();
  return kept;
}

}  // namespace orch::app
