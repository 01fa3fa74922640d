#pragma once
// The loop of a run that no supervisor works on: `up` puts one event into it.
//
// It is the supervisor's loop with the supervisor's ledger, so what `up` wants is decided and kept
// like every other event. Only nothing is done: the effects wait in the outbox, and agents that
// live meanwhile are not listened to, until the supervisor that `up` starts recovers the run.
#include "app/paths.hpp"
#include "orch/base/result.hpp"
#include "orch/core/event.hpp"
#include "orch/core/state.hpp"
#include "store/store.hpp"

namespace orch::app {

/// Decides on the event and keeps the decision. `state` is what the store has of the run. Whoever
/// calls has the repository's lock.
Status decide_once(store::Store& store, const Paths& paths, const store::RunInfo& info, State state,
                   Event event);

}  // namespace orch::app
