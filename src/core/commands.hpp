#pragma once
// What users ask for: abort, retry, merge, hold, release, down. Each is done or refused with a
// reason.
#include "core/turn.hpp"

namespace orch::commands {

void on(Turn& turn, const UserAsked& event);

/// A fresh start with all its attempts; asked for by an agent, or with none named by the user.
void retry(Turn& turn, TaskRecord& task, const TaskId& by = {});

/// One that is blocked: with its agent, where that lives.
void go_on(Turn& turn, TaskRecord& task, const TaskId& by = {});

}  // namespace orch::commands
