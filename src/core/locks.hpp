#pragma once
// Paths that agents have locked while they work: others do not begin on them meanwhile.
//
// What a task's file names is held by the task without a lock. A lock is for what an agent finds
// out that it has to change besides.
#include "core/turn.hpp"

#include <optional>
#include <string_view>

namespace orch::locks {

/// All of them or, with the reason, none; one that it has already it has. What is had by who has
/// delegated the task is no other's.
void lock(Turn& turn, const TaskRecord& task, const std::vector<std::string>& paths);
/// Those of these that it has; with none named, all.
void unlock(Turn& turn, const TaskRecord& task, const std::vector<std::string>& paths);

/// The same by the user, who may name paths one a line; its agent goes on.
void take_away(Turn& turn, const TaskRecord& task, std::string_view paths);

/// A lock ends with the work of its task, however that ended.
void release_of_ended(Turn& turn);

/// The user is told once of each that is held for long.
void tell_of_long(Turn& turn);
/// When that is due.
std::optional<Time> next_time(const State& state);

}  // namespace orch::locks
