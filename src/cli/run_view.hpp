#pragma once
// What is known of a run beside its state: who is alive, what was printed when, the terminal.
#include "cli/site.hpp"
#include "ui/status.hpp"

namespace orch::cli {

ui::RunView view_of(const Site& site);

}  // namespace orch::cli
