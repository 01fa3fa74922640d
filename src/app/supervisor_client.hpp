#pragma once
// The supervisor, as every other process sees it: does it live, start it, ask it.
#include "app/paths.hpp"
#include "orch/base/result.hpp"
#include "orch/core/event.hpp"

#include <cstdint>
#include <string>

namespace orch::app {

/// Does a supervisor live? It holds the lock.
bool supervisor_alive(const Paths& paths);
/// Its pid as it wrote it into the lock; 0 when none is alive.
std::int64_t supervisor_pid(const Paths& paths);

/// Starts a supervisor for the run in the background, and waits until it answers (10 s at most).
Status start_supervisor(const Paths& paths, const std::string& run, const fs::path& program);

/// The same, if there is none that listens; again where that one was killed before it answered.
Status see_to_supervisor(const Paths& paths, const std::string& run, const fs::path& program);

/// Asks the supervisor that lives; what it says besides that it is done. Fault::NotFound: nobody
/// listens.
Result<std::string> ask_living(const Paths& paths, const UserAsked& request);
/// Asks the supervisor; starts one if there is none.
Result<std::string> ask_supervisor(const Paths& paths, const std::string& run,
                                   const fs::path& program, const UserAsked& request);

}  // namespace orch::app
