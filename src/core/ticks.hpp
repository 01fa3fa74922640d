#pragma once
// The marks of merged tasks: written once, again when something undid them or was in the way, and
// never against the user.
#include "core/turn.hpp"

#include <map>
#include <vector>

namespace orch::ticks {

bool is_owed(const State& state, const TaskRecord& task);

/// Begins to write what is owed.
void write_owed(Turn& turn);

/// Something has changed that may let those be written that could not be.
void late_are_due(Turn& turn);

/// Once more, when nothing else is left to do. False: there is nothing to try.
bool retry_late(Turn& turn);

/// What the file says now about tasks that are merged: a mark that went is set again, unless it was
/// the user who took it away.
void follow_marks(Turn& turn, const std::vector<TaskId>& unticked);

/// What earlier runs merged and could not tick.
void take_as_merged(Turn& turn, const std::map<TaskId, CommitId>& merged);

void on(Turn& turn, const TickFile& effect, const TickFile::Ends& end);

}  // namespace orch::ticks
