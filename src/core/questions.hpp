#pragma once
// Answers to what agents ask on their screens: the user's, and those of the user's rules.
#include "core/turn.hpp"
#include "orch/core/event.hpp"

namespace orch::questions {

/// The user's answer to the question that its agent asks, or why not.
void answer(Turn& turn, TaskRecord& task, const UserAsked& asked);

/// Is there a rule that answers what this agent asks?
bool has_rule(const AgentRun& agent);

/// Has a rule answer what its agent asks, once for each question. True: the user is not needed for
/// it, as far as is known.
bool answer_by_rule(Turn& turn, TaskRecord& task);

void on(Turn& turn, const AnswerQuestion& effect, const AnswerQuestion::Ends& end);

}  // namespace orch::questions
