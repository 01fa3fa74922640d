#pragma once
// `up`, as far as the run is concerned: begins one or goes on with one.
#include "app/paths.hpp"
#include "app/run_files.hpp"
#include "app/task_news.hpp"
#include "orch/base/result.hpp"
#include "orch/core/rules.hpp"
#include "orch/core/task.hpp"

#include <functional>
#include <string>
#include <vector>

namespace orch::app {

/// What `up` asks for, everything checked.
struct UpRequest {
  std::string task_file;  ///< absolute
  std::string checkout;   ///< the user's worktree that the run works for; absolute
  Rules rules;
  std::vector<TaskSpec> tasks;
  CommitId base_tip;
  std::string branch_folder = "tmux-orch";  ///< the run's own branch is <this>/<run id>
  SavedConfig config;
  std::vector<std::string> environment;
  std::string plan_json;
  TaskSight sight;                               ///< of the task file, when `tasks` were read
  ReadTasks read;                                ///< as the run reads it
  std::function<bool(const CommitId&)> on_base;  ///< does the base have that commit?
};

struct BegunRun {
  std::string id;
  std::string integration;  ///< branch
  CommitId start;           ///< where it begins
  bool resumed = false;
  bool alive = false;           ///< a supervisor is at work on it already
  bool other_settings = false;  ///< and it goes by other settings than the request's
};

/// Begins a run, or goes on with the newest one of the same file and worktree when not all of that
/// is merged. Fault::Refused: a supervisor, or an unfinished run, of another file or worktree;
/// Fault::Conflict: the task file was written since it was read for the request.
Result<BegunRun> begin_run(const Paths& paths, const UpRequest& request);

}  // namespace orch::app
