#pragma once
// Where a verb was called: the repository, its newest run, and how to reach its supervisor.
#include "app/paths.hpp"
#include "app/run_on_disk.hpp"
#include "cli/task_options.hpp"
#include "git/repository.hpp"
#include "orch/base/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace orch::cli {

namespace fs = std::filesystem;

/// This very program's path.
fs::path own_program();
/// orch-shim: next to the program where it was built or installed. Fault::NotFound says where.
Result<fs::path> find_shim();

/// Takes what a hook, an alias or a rebase that called us set for its own git out of our
/// environment: the repository is the one of the current folder. To be called before anything is
/// started.
void leave_callers_git();

/// Forgets a TMUX_TMPDIR under which no socket can be, as its path would be too long: tmux takes
/// /tmp then. To be called before anything is started.
void leave_long_tmux_folder();
/// Was there one?
bool had_long_tmux_folder();

/// The name and mail address that the caller's environment gave for commits; both, or neither.
/// Where no configuration has an identity this is the user's.
std::pair<std::string, std::string> callers_identity();

/// The repository of the current folder, whatever its checkout is like.
Result<git::RepositoryFacts> locate_here();
/// The checkout that a run is for which is started here. In a worktree of a task that is the one
/// that its run works for.
Result<git::RepositoryFacts> discover_here();

struct RunHandle {
  app::Paths paths;
  app::RunOnDisk run;
  git::RepositoryFacts facts;
};

/// The repository here and its newest run.
Result<RunHandle> open_run();

/// The task a verb is about: its first word, or the task of `--window`. `verb` is for the message
/// that there is neither.
Result<TaskId> task_of(const RunHandle& handle, const TaskOptions& options, std::string_view verb);

/// The configuration that the run was started with.
Result<Config> config_of(const RunHandle& handle);

}  // namespace orch::cli
