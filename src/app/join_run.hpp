#pragma once
// An `up` where a run is already: the one it may join, and the one that is in its way.
#include "app/begin_run.hpp"
#include "app/paths.hpp"
#include "orch/base/files.hpp"
#include "orch/base/result.hpp"
#include "store/store.hpp"

namespace orch::app {

/// Is it the run of that task file in that worktree? `info` has absolute paths.
bool is_about(const store::RunInfo& info, const UpRequest& request);

/// The repository's lock. Whoever has it without a run to join is waited for: another `up` that
/// begins one at the same moment, or a supervisor whose run is over and that stays for a moment.
/// Fault::Busy: a supervisor is at work.
Result<Fd> lock_when_left(const Paths& paths);

/// The run that a supervisor is at work on. Fault::Refused: it is of another file or worktree.
Result<BegunRun> join_living(const Paths& paths, const UpRequest& request);

/// Says that this run is to be ended or gone on with before another one begins.
Failure not_over(const store::RunInfo& run, const Paths& paths);

}  // namespace orch::app
