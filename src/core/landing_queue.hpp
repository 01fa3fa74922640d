#pragma once
// From the queue into the train, and from the train onto the integration branch or back.
#include "core/turn.hpp"

namespace orch::landing_queue {

/// Begins what can begin: the landing of the user's own commits, which go first, or of the next in
/// line.
void begin_next(Turn& turn);

/// Tests and lands what can be, after more has become known of the train.
void carry_on(Turn& turn);

/// It did not merge with what is in the train: on the tip it is seen whose fault that is.
void try_on_tip(Turn& turn, TaskRecord& task);

/// It has been merged; its place is at the end of the train, if that is where it was made for.
void take_in(Turn& turn, Landing& landing, const CommitId& candidate);

/// Its turn comes again.
void requeue(Turn& turn, TaskRecord& task, Reason why);

/// The integration branch is at `tip`, with what was tested as `candidate`; without one somebody
/// else has moved it.
void move_tip(Turn& turn, const CommitId& tip, const CommitId& candidate = {});

}  // namespace orch::landing_queue
