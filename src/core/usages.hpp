#pragma once
// Takes over what attempts have used, as it is told.
#include "core/turn.hpp"

namespace orch::usages {

/// Its agent was started, so that it may use something from now on.
void begin(TaskRecord& task, const AgentRun& agent);

/// The same figures again change nothing.
void on(Turn& turn, const AgentUsed& event);

}  // namespace orch::usages
