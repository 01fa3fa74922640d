#pragma once
// A user's way to the run's windows and back: a view of their own that never resizes an agent.
#include "cli/run_handle.hpp"
#include "orch/base/result.hpp"

#include <optional>
#include <string>

namespace orch::cli {

/// Shows the session (or one task's window) on this terminal, until the user leaves. Inside the
/// same tmux server the client is switched; inside another one a window of it is opened.
Result<int> show_session(const RunHandle& handle, const std::optional<TaskId>& task);
/// Ends the run's session with all its windows and the views on it; success if there is none.
Status close_session(const RunHandle& handle);

}  // namespace orch::cli
