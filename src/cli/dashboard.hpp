#pragma once
// The dashboard on this terminal: reads what is stored, draws it, and carries out what keys ask for
// by the verbs of the command line.
#include "cli/run_handle.hpp"
#include "orch/base/result.hpp"

namespace orch::cli {

/// Where it is shown: in a terminal of the user's, who leaves it, or in the first window of a run,
/// which stays.
enum class Place : bool { Terminal, Home };

/// Until the user leaves, or the terminal goes. Fault::Refused, before anything was drawn: this
/// terminal cannot be drawn on.
Status show_dashboard(const RunHandle& handle, Place place);

}  // namespace orch::cli
