#pragma once
// A run on disk: begun or resumed by `up`, found again by every other verb and by the supervisor.
#include "agents/config.hpp"
#include "app/places.hpp"
#include "app/task_news.hpp"
#include "orch/base/files.hpp"
#include "orch/base/result.hpp"
#include "orch/core/event.hpp"
#include "orch/core/state.hpp"
#include "store/store.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace orch::app {

/// The layers a configuration was read from: kept, so that the supervisor of a run reads the same.
struct SavedConfig {
  std::vector<ConfigLayer> layers;
  Environment environment;  ///< its TMUX_ORCH_* part
  std::vector<ConfigFlag> flags;

  ConfigReading read() const { return parse_config(layers, environment, flags); }
};

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
Result<BegunRun> begin_run(const Places& places, const UpRequest& request);

std::string encode_config(const SavedConfig& config);
Status save_config(const fs::path& file, const SavedConfig& config);
Result<SavedConfig> load_saved_config(const fs::path& file);
/// What was read of the task file last; nothing: that is not known.
std::optional<LastRead> load_last_read(const RunPlaces& files);
/// Where the newest run of that file saw it last.
std::optional<SeenBefore> seen_before(const Places& places, const std::string& task_file);
/// The branch that the newest run of that file lands on, when `up` would go on with it; or empty.
std::string base_to_go_on_with(const Places& places, const std::string& task_file,
                               const fs::path& checkout);
Status save_last_read(const RunPlaces& files, const LastRead& last);
Status save_environment(const fs::path& file, const std::vector<std::string>& environment);
Result<std::vector<std::string>> load_environment(const fs::path& file);

/// The newest run of a repository, as the database has it at this moment; all paths absolute.
struct RunOnDisk {
  store::RunInfo info;
  State state;
};

/// Fault::NotFound: there is none, or no database.
Result<RunOnDisk> load_newest(const Places& places);

/// The run's own words with absolute paths, where the database has those that move along.
store::RunInfo with_places_found(store::RunInfo info, const Places& places);
State with_places_found(State state, const Places& places);
/// The same for verbs: where a supervisor lives whose database or folder is gone, waits until it
/// has put that back. Agents that live without supervisor and records are told of.
Result<RunOnDisk> load_for_verb(const Places& places);

/// Does a supervisor live? It holds the lock.
bool supervisor_alive(const Places& places);
/// Its pid as it wrote it into the lock; 0 when none is alive.
std::int64_t supervisor_pid(const Places& places);

/// Starts a supervisor for the run in the background, and waits until it answers (10 s at most).
Status start_supervisor(const Places& places, const std::string& run, const fs::path& program);

/// The same, if there is none that listens.
Status see_to_supervisor(const Places& places, const std::string& run, const fs::path& program);

/// Asks the supervisor that lives. Fault::NotFound: nobody listens.
Status ask_living(const Places& places, const PersonAsked& request);
/// Asks the supervisor; starts one if there is none.
Status ask_supervisor(const Places& places, const std::string& run, const fs::path& program,
                      const PersonAsked& request);

}  // namespace orch::app
