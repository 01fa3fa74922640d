#pragma once
// How an agent is told to report, by the way that its profile names.
#include "agents/attempt_place.hpp"
#include "orch/config/config.hpp"
#include "orch/core/task.hpp"

#include <string>

namespace orch {

/// The end of its first prompt.
std::string report_text(const AgentProfile& profile, const TaskSpec& task,
                        const AttemptPlace& place);

/// What it does to say that its task is done, or that it cannot go on, as the end of a sentence.
std::string done_words(const AgentProfile& profile);
std::string blocked_words(const AgentProfile& profile);

}  // namespace orch
