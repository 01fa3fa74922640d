#pragma once
// Tasks that agents make: how many, and for which kinds of agents.
#include "orch/core/refusal.hpp"
#include "orch/core/state.hpp"

#include <string>
#include <vector>

namespace orch::made_tasks {

/// Why agents may not have this kind of agent started; none: they may.
Refusal why_not_kind(const State& state, const std::string& kind);

/// Why they may not make these; none: they may.
Refusal why_not(const State& state, const std::vector<TaskSpec>& tasks);

}  // namespace orch::made_tasks
