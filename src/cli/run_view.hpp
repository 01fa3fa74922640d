#pragma once
// What is known of a run besides its state: who is alive, what was printed when, the terminal.
#include "cli/run_handle.hpp"
#include "ui/status.hpp"

namespace orch::cli {

/// A run that is not over, as if it had ended with the last event: its figures are of that time.
State as_of_now(State state);

ui::RunView view_of(const RunHandle& handle);

}  // namespace orch::cli
