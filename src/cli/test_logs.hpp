#pragma once
// What tests, gates and reviews of what is to land print, while they run and afterwards.
#include "cli/run_handle.hpp"
#include "orch/core/ids.hpp"

namespace orch::cli {

/// Of those that began last; `lines` is how many of the last ones, 0: all. `follow`: goes on with
/// those that begin next, as long as a supervisor lives. Returns the exit status.
int show_test_logs(const RunHandle& handle, int lines, bool follow);
/// Likewise of the reviews of that task's work; of all reviews, if none is named.
int show_review_logs(const RunHandle& handle, const TaskId& task, int lines, bool follow);

}  // namespace orch::cli
