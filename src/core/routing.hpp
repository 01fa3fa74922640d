#pragma once
// The kind of agent that a task gets, as things are: the one that suits it best, the one with the
// least to do where several do, another one while that is saturated, and one that it began with as
// long as that can be had.
#include "core/turn.hpp"

#include <map>
#include <string>

namespace orch::routing {

/// How many agents of each kind are at work.
using Load = std::map<std::string, int>;

/// Full or not.
const std::string& kind_for(const State& state, const TaskRecord& task, const Load& load);

/// Is the kind that it began with away for so long that another one, which can be had, goes on with
/// its work? The user must have allowed it.
bool fails_over(const State& state, const TaskRecord& task);

}  // namespace orch::routing
