#pragma once
// What an earlier run of the same task file leaves to the next one: which of its tasks are done.
#include "app/begin_run.hpp"
#include "app/paths.hpp"
#include "app/task_news.hpp"
#include "orch/core/state.hpp"

#include <map>
#include <string>

namespace orch::app {

/// What the file says now to a run that read it before.
TaskNews news_for(const Paths& paths, const std::string& run, const State& state,
                  const UpRequest& request);

/// What the earlier run merged although the file has it open: it could not be ticked, or the mark
/// was lost again. Not what the user reset, wrote anew, asks for by its id, or took the mark of
/// back.
std::map<TaskId, CommitId> merged_before(const UpRequest& request, const State& state,
                                         const TaskNews& news);

}  // namespace orch::app
