// The store and its copy in text as the ledger of a run.
#include "app/run_ledger.hpp"

#include "app/boottime_clock.hpp"
#include "app/commit.hpp"
#include "app/ground.hpp"
#include "orch/base/files.hpp"
#include "orch/base/log.hpp"
#include "orch/core/codec.hpp"

#include <system_error>
#include <utility>

namespace orch::app {

RunLedger::RunLedger(store::Store& store, Ground& ground, const RunContext& context,
                     const BoottimeClock& clock)
    : store_(store), ground_(ground), context_(context), clock_(clock) {}

Status RunLedger::open() {
  const std::string& run = context_.info.id;
  if (Status set = store_.set_clock(run, clock_.boot(), clock_.offset_ms()); !set) return set;
  ground_.database_opened();
  return journal_.open(context_.run.events(), store_, run);
}

Status RunLedger::commit(const Event& event, const Decision& decision, const State& after,
                         Time now) {
  const auto store = [&] {
    return commit_event(store_, context_.info.id, event, decision, after, now);
  };
  Result<std::int64_t> seq = store();
  const bool damaged = !seq && seq.error().fault != Fault::Full && seq.error().fault != Fault::Busy;
  if (damaged) {
    if (Status again = put_back(); !again) return again;
    seq = store();
  }
  if (!seq) return passed_on(seq);
  if (std::exchange(is_new_, false)) ground_.database_opened();
  journal_.append({.seq = *seq,
                   .run = context_.info.id,
                   .at = now,
                   .wall_ms = BoottimeClock::wall_ms(),
                   .event = encode(event),
                   .facts = decision.facts});
  return {};
}

Status RunLedger::put_back() {
  const fs::path database = context_.paths.database();
  log_line(LogLevel::Warning, "{} is gone or damaged: it is written anew", database.string());
  store::RunInfo info = context_.info;
  info.boot_id = clock_.boot();
  info.clock_offset_ms = clock_.offset_ms();
  if (Status made = store_.put_back(database, info); !made) return made;
  is_new_ = true;
  const fs::path events = context_.run.events();
  std::error_code ec;
  if (fs::exists(events, ec)) return {};
  if (Status made = make_folders(events.parent_path(), 0700); !made) return made;
  return journal_.open(events, store_, info.id);
}

}  // namespace orch::app
