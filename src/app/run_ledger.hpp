#pragma once
// The store and its copy in text as the ledger of a run: the one way an event becomes durable, with
// a failpoint on each side.
//
// A database that somebody removed or damaged under a supervisor is written anew: all that counts
// is in memory.
#include "app/journal.hpp"
#include "app/paths.hpp"
#include "orch/port/ledger.hpp"
#include "store/store.hpp"

#include <cstdint>

namespace orch::app {

class Ground;
class BoottimeClock;

class RunLedger final : public port::Ledger {
 public:
  /// Without `ground` nobody stands on the database yet: one that is damaged stays as it is, and
  /// the commit is an Error.
  RunLedger(store::Store& store, Ground* ground, const Paths& paths, store::RunInfo info,
            const BoottimeClock& clock);

  /// Before the first commit: the run's clock is stored, and the text is completed.
  Status open();
  Status commit(const Event& event, const Decision& decision, const State& after,
                Time now) override;
  /// Makes a new database in place of the one that is gone or damaged; the next commit writes the
  /// whole state into it.
  Status put_back();

 private:
  Result<std::int64_t> store_event(const Event& event, const Decision& decision, const State& after,
                                   Time now);
  void note_database();

  store::Store& store_;
  Ground* ground_;
  Paths paths_;
  store::RunInfo info_;
  const BoottimeClock& clock_;
  Journal journal_;
  bool is_new_ = false;  // nothing was committed since it was put back
};

}  // namespace orch::app
