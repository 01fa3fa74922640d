#pragma once
// Processes of a supervisor (git, gates) that outlive it when it is killed: they are on record
// while they run, so that the next supervisor ends them.
#include "store/store.hpp"

namespace orch::loop {
class Children;
}

namespace orch::app {

/// Ends what an earlier supervisor that was killed left running; waits until that is gone. To be
/// called before anything is looked at, and before a loop runs.
void end_old_children(store::Store& store);

/// From here on what is started is on record. Takes on_start and on_end of `children`.
void record_children(loop::Children& children, store::Store& store);

}  // namespace orch::app
