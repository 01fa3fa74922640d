#pragma once
// Prints a run's events as they are stored, until it is over: a reader of the database, so that it
// sees the same with or without a supervisor.
#include "app/paths.hpp"

#include <string>

namespace orch::cli {

/// `up --foreground`: event lines, a full status every 10 events or 30 s, the summary at the end.
/// Where a status takes long to make, as with a thousand tasks, more events come before the next.
/// Restarts a supervisor that died, once; else ends with status 6. Ctrl-C asks the agents to stop
/// and ends with 130; a second one leaves at once.
int follow_run(const app::Paths& paths, const std::string& run);
/// What is said after the user left the session: the summary, or how to come back.
int after_attach(const app::Paths& paths, const std::string& run);

}  // namespace orch::cli
