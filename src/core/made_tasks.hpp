#pragma once
// Tasks that agents make: how many, and for which kinds of agents.
#include "orch/core/refusal.hpp"
#include "orch/core/state.hpp"

#include <string>
#include <vector>

namespace orch::made_tasks {

/// May tasks that agents make go to this kind of agent? As the user says; where nothing is said, to
/// those whose screens are read, as others may run what they are told without a question.
bool is_allowed(const Rules& rules, const std::string& kind);

/// Why agents may not have this kind of agent started; none: they may.
Refusal why_not_kind(const State& state, const std::string& kind);

/// Why they may not make these; none: they may.
Refusal why_not(const State& state, const std::vector<TaskSpec>& tasks);

}  // namespace orch::made_tasks
