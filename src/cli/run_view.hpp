#pragma once
// What is known of a run besides its state: who is alive, what was printed when, the terminal.
#include "cli/run_handle.hpp"
#include "ui/status.hpp"

namespace orch::cli {

ui::RunView view_of(const RunHandle& handle);

}  // namespace orch::cli
