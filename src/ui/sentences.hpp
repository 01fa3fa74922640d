#pragma once
// The sentences for reasons, facts and refusals: the one place where the core's values become
// English.
#include "orch/core/decision.hpp"
#include "orch/core/reason.hpp"
#include "orch/core/refusal.hpp"

#include <string>

namespace orch::ui {

/// A part of a sentence, without its end; empty for no reason. Commands in it are about this task.
std::string sentence(const Reason& reason, const TaskId& task = {});

/// The same without how a person would go on.
std::string bare_sentence(const Reason& reason, const TaskId& task);

/// What stands in the event log, without the task's id.
std::string sentence(const Fact& fact);

/// Why the request was refused; empty: it was not.
std::string sentence(const Refusal& refusal);

}  // namespace orch::ui
