// What a supervisor writes while it runs: decisions.
#include "orch/base/failpoint.hpp"
#include "orch/base/text.hpp"
#include "orch/core/codec.hpp"
#include "store/impl.hpp"
#include "store/projection.hpp"

namespace orch::store {

// SQLite ignores the pragma inside a transaction, so it is set between two.
Status Store::Impl::set_synced(bool wanted) {
  if (synced == wanted) return {};
  Status set =
      database.script(wanted ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
  if (set) synced = wanted;
  return set;
}

Result<std::int64_t> Store::commit(const std::string& run, const Event& event,
                                   const Decision& decision, const State& after, Time now,
                                   std::int64_t wall_ms) {
  Database& database = impl_->database;
  Status written = impl_->set_synced(decision.durable);
  if (!written) return because(written, "cannot store what happened");
  const Changes changes = impl_->write_cache.advance(run, event, decision, after);
  Moment moment{run, 0, wall_ms};
  written = database.atomically(Lock::Write, [&]() -> Status {
    Status done = database.run(
        "INSERT INTO execution_trace(run, at_ms, wall_ms, kind, event, facts, state_hash, stages)"
        " VALUES(?,?,?,?,?,?,?,?)",
        {run, to_ms(now), wall_ms, name_of(event), encode(event), encode(decision.facts),
         hex(changes.state_hash), changes.stages.empty() ? "" : encode(changes.stages)});
    moment.seq = database.last_key();
    if (done) done = write_changes(database, moment, changes, after.run);
    if (done) done = write_report(database, moment, event);
    failpoint("store.commit");
    return done;
  });
  if (!written) {
    impl_->write_cache = WriteCache();  // it is ahead of the file now
    return because(written, "cannot store what happened");
  }
  failpoint("store.committed");
  return moment.seq;
}

}  // namespace orch::store
