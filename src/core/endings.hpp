#pragma once
// How an attempt ends early: its agent is stopped, its work saved, and then the task goes where the
// reason leads.
#include "core/turn.hpp"

namespace orch::endings {

/// Begins the end of the task's attempt, or gives the one under way another reason.
void begin(Turn& turn, TaskRecord& task, Ending ending, Reason why);

/// The same, and no further attempt goes on with the conversation of this one, as that is what has
/// gone wrong.
void begin_spoilt(Turn& turn, TaskRecord& task, Ending ending, Reason why, Spoilt spoilt);

/// The same for what a fault of ours or of the system's is in the way of; `up` tries it again.
void block(Turn& turn, TaskRecord& task, Stuck stuck, Reason why);

/// Its window went away: that does not count to its attempts, but it does not go on for ever.
void start_anew(Turn& turn, TaskRecord& task, Reason why);

/// Ends its agent, or what that has left, whatever the reason; there must be something to end.
void stop_agent(Turn& turn, TaskRecord& task);

/// The next step: no effect is in the way any more.
void carry_on(Turn& turn, TaskRecord& task);

/// What nobody but the system was in the way of goes on where it stood, and loses nothing.
void go_on_if_stuck(Turn& turn, TaskRecord& task);

void on(Turn& turn, const StopAgent& effect, const StopAgent::Ends& end);
void on(Turn& turn, const RescueWork& effect, const RescueWork::Ends& end);

}  // namespace orch::endings
