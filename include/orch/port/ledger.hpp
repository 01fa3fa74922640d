#pragma once
// What is kept of a run when its supervisor ends, however it ends.
#include "orch/base/result.hpp"
#include "orch/base/time.hpp"
#include "orch/core/decision.hpp"
#include "orch/core/event.hpp"
#include "orch/core/state.hpp"

namespace orch::port {

class Ledger {
 public:
  virtual ~Ledger() = default;

  /// Keeps the event with all that follows from it, or nothing of it: `after` is the state that the
  /// decision led to. Once this has returned a kill takes nothing of it away, and with
  /// `decision.durable` neither does a power cut.
  /// An Error: nothing was kept, and the engine is ahead of the ledger, so that nothing may be
  /// decided any more before the run is loaded again.
  virtual Status commit(const Event& event, const Decision& decision, const State& after,
                        Time now) = 0;
};

}  // namespace orch::port
