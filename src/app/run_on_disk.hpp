#pragma once
// The newest run of a repository as its database has it: what every verb and `up` begin with.
#include "app/paths.hpp"
#include "app/run_files.hpp"
#include "app/task_news.hpp"
#include "orch/base/result.hpp"
#include "orch/core/state.hpp"
#include "store/store.hpp"

#include <optional>
#include <string>

namespace orch::app {

/// May an agent of the run have been started?
bool has_had_agents(const State& state);
/// Nothing is left of the run to go on with.
bool is_all_merged(const State& state);

/// Where the newest run of that file saw it last.
std::optional<SeenBefore> seen_before(const Paths& paths, const std::string& task_file);
/// The rules of the newest run of that file, when `up` would go on with it: the branch it lands on,
/// what the user has answered.
std::optional<Rules> rules_to_go_on_with(const Paths& paths, const std::string& task_file,
                                         const fs::path& checkout);

/// The configuration of that run; nothing: there is none to go on with.
std::optional<SavedConfig> configuration_to_go_on_with(const Paths& paths,
                                                       const std::string& task_file,
                                                       const fs::path& checkout);

/// The newest run of a repository, as the database has it at this moment; all paths absolute.
struct RunOnDisk {
  store::RunInfo info;
  State state;
};

/// The same without its tasks and agents: of a large run they take longest to read.
struct RunHead {
  store::RunInfo info;
  RunRecord record;
};

/// Fault::NotFound: there is none, or no database.
Result<RunOnDisk> load_newest(const Paths& paths);
Result<RunHead> load_newest_head(const Paths& paths);
/// The same for verbs: where a supervisor lives whose database or folder is gone, waits until it
/// has put that back. Agents that live without supervisor and records are told of.
Result<RunOnDisk> load_for_verb(const Paths& paths);

/// The run's own words with absolute paths, where the database has those that move along.
store::RunInfo with_absolute_paths(store::RunInfo info, const Paths& paths);
State with_absolute_paths(State state, const Paths& paths);

}  // namespace orch::app
