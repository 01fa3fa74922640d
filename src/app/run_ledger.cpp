// The store and its copy in text as the ledger of a run.
#include "app/run_ledger.hpp"

#include "app/boottime_clock.hpp"
#include "app/ground.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/files.hpp"
#include "orch/base/log.hpp"
#include "orch/core/codec.hpp"

#include <fmt/format.h>

#include <system_error>
#include <utility>

namespace orch::app {

RunLedger::RunLedger(store::Store& store, Ground* ground, const Paths& paths, store::RunInfo info,
                     const BoottimeClock& clock)
    : store_(store), ground_(ground), paths_(paths), info_(std::move(info)), clock_(clock) {}

Status RunLedger::open() {
  const Status set = store_.set_clock(info_.id, clock_.boot(), clock_.offset_ms());
  if (!set) return set;
  note_database();
  return journal_.open(RunPaths(paths_.run(info_.id)).events(), store_, info_.id);
}

void RunLedger::note_database() {
  if (ground_ != nullptr) ground_->database_opened();
}

Result<std::int64_t> RunLedger::store_event(const Event& event, const Decision& decision,
                                            const State& after, Time now) {
  for (const auto& [id, effect] : decision.effects) {
    failpoint(fmt::format("{}.before_intent", name_of(effect)));
  }
  Result<std::int64_t> seq =
      store_.commit(info_.id, event, decision, after, now, BoottimeClock::wall_ms());
  if (!seq) return seq;
  for (const auto& [id, effect] : decision.effects) {
    failpoint(fmt::format("{}.after_intent", name_of(effect)));
  }
  return seq;
}

Status RunLedger::commit(const Event& event, const Decision& decision, const State& after,
                         Time now) {
  Result<std::int64_t> seq = store_event(event, decision, after, now);
  const bool damaged = !seq && seq.error().fault != Fault::Full && seq.error().fault != Fault::Busy;
  if (damaged && ground_ != nullptr) {
    if (Status again = put_back(); !again) return again;
    seq = store_event(event, decision, after, now);
  }
  if (!seq) return passed_on(seq);
  if (std::exchange(is_new_, false)) note_database();
  journal_.append({.seq = *seq,
                   .run = info_.id,
                   .at = now,
                   .wall_ms = BoottimeClock::wall_ms(),
                   .event = encode(event),
                   .facts = decision.facts});
  return {};
}

Status RunLedger::put_back() {
  const fs::path database = paths_.database();
  log_line(LogLevel::Warning, "{} is gone or damaged: it is written anew", database.string());
  store::RunInfo info = info_;
  info.boot_id = clock_.boot();
  info.clock_offset_ms = clock_.offset_ms();
  if (Status made = store_.put_back(database, info); !made) return made;
  is_new_ = true;
  const fs::path events = RunPaths(paths_.run(info.id)).events();
  std::error_code ec;
  if (fs::exists(events, ec)) return {};
  if (Status made = make_folders(events.parent_path(), 0700); !made) return made;
  return journal_.open(events, store_, info.id);
}

}  // namespace orch::app
