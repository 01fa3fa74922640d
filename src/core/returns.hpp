#pragma once
// Work that does not land goes back to the agent that wrote it: to the one that waits in its
// window, or to a further attempt.
#include "core/turn.hpp"

namespace orch::returns {

/// Has it come back less often than it may? A conflict with what has landed since it last came back
/// is nothing that its agent could have seen.
bool may_be_mended(const Turn& turn, const TaskRecord& task, const CommitId& onto,
                   const Reason& why);

/// `onto`: the tip that it did not fit.
void begin(Turn& turn, TaskRecord& task, const CommitId& onto, Reason why);

/// The reason where it comes back no more, with how often it did.
Reason for_user(const TaskRecord& task, Reason why);

/// Work that came back was done again from the start, and there is none now: what was to be mended
/// is not, and the user has it.
void nothing_mended(Turn& turn, TaskRecord& task);

/// Its agent could not be told in its window: another attempt is.
void not_told(Turn& turn, TaskRecord& task);

void on(Turn& turn, const ReturnWork& effect, const ReturnWork::Ends& end);

}  // namespace orch::returns
