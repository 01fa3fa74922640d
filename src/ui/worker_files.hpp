#pragma once
// What the files of a run's folder say to agents that only read files.
#include "orch/core/state.hpp"

#include <deque>
#include <string>

namespace orch::ui {

/// What the tasks of one worker have come to, the last ones of them.
struct WorkerResults {
  std::deque<std::string> completed;
  std::deque<std::string> failed;
  int completed_count = 0;  ///< with those that are not named any more
  int failed_count = 0;
};

/// What there is to know of a run, with absolute paths.
struct RunPlace {
  std::string run;
  std::string folder;
  std::string repository;
  std::string task_file;
  std::string base;
  std::string integration;
};

std::string context_json(const RunPlace& place);

/// "worker-2".
std::string worker_id(int worker);

/// The task that the worker is at, with the messages to it that are open; nullptr: it is at none.
/// `agent_id` names its agent, `folder` is the run's, `worktree` absolute.
std::string inbox_json(const State& state, int worker, const TaskRecord* task,
                       const std::string& agent_id, const std::string& folder,
                       const std::string& worktree);
std::string outbox_json(int worker, const WorkerResults& results);

}  // namespace orch::ui
