#pragma once
// The store and its copy in text as the ledger of a run. A database that somebody removed or
// damaged under it is written anew: all that counts is in memory.
#include "app/journal.hpp"
#include "app/run_context.hpp"
#include "orch/port/ledger.hpp"

namespace orch::app {

class Ground;
class BoottimeClock;

class RunLedger final : public port::Ledger {
 public:
  RunLedger(store::Store& store, Ground& ground, const RunContext& context,
            const BoottimeClock& clock);

  /// Before the first commit: the run's clock is stored, and the text is completed.
  Status open();
  Status commit(const Event& event, const Decision& decision, const State& after,
                Time now) override;
  /// Makes a new database in place of the one that is gone or damaged; the next commit writes the
  /// whole state into it.
  Status put_back();

 private:
  store::Store& store_;
  Ground& ground_;
  const RunContext& context_;
  const BoottimeClock& clock_;
  Journal journal_;
  bool is_new_ = false;  // nothing was committed since it was put back
};

}  // namespace orch::app
