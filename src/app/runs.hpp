#pragma once
// A run on disk: begun or resumed by `up`, found again by every other verb and by the supervisor.
#include "app/paths.hpp"
#include "app/run_files.hpp"
#include "app/task_news.hpp"
#include "config/layers.hpp"
#include "orch/base/result.hpp"
#include "orch/core/state.hpp"
#include "store/store.hpp"

#include <functional>
#include <optional>
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

/// May an agent of the run have been started?
bool has_had_agents(const State& state);
/// Nothing is left of the run to go on with.
bool is_all_merged(const State& state);

/// Begins a run, or goes on with the newest one of the same file and worktree when not all of that
/// is merged. Fault::Refused: a supervisor, or an unfinished run, of another file or worktree.
Result<BegunRun> begin_run(const Paths& paths, const UpRequest& request);

/// Where the newest run of that file saw it last.
std::optional<SeenBefore> seen_before(const Paths& paths, const std::string& task_file);
/// The branch that the newest run of that file lands on, when `up` would go on with it; or empty.
std::string base_to_go_on_with(const Paths& paths, const std::string& task_file,
                               const fs::path& checkout);

/// The newest run of a repository, as the database has it at this moment; all paths absolute.
struct RunOnDisk {
  store::RunInfo info;
  State state;
};

/// Fault::NotFound: there is none, or no database.
Result<RunOnDisk> load_newest(const Paths& paths);

/// The run's own records with absolute paths, where the database has those that move along.
store::RunInfo with_absolute_paths(store::RunInfo info, const Paths& paths);
State with_absolute_paths(State state, const Paths& paths);
/// The same for verbs: where a supervisor lives whose database or folder is gone, waits until it
/// has put that back. Agents that live without supervisor and records are told of.
Result<RunOnDisk> load_for_verb(const Paths& paths);

}  // namespace orch::app
