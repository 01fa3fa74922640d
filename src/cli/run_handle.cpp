// Where a verb was called.
#include "cli/run_handle.hpp"

#include "app/moved.hpp"
#include "app/run_files.hpp"
#include "app/tmux_host.hpp"
#include "cli/blocking.hpp"
#include "git/repository.hpp"
#include "installed_folders.hpp"
#include "orch/base/environment.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <system_error>

namespace orch::cli {
namespace {

std::string known_ids(const State& state) {
  std::vector<std::string> ids;
  for (const TaskRecord& task : state.tasks)
    ids.push_back(one_line(task.id().value, 40));
  constexpr std::size_t kShown = 12;
  const bool more = ids.size() > kShown;
  if (more) ids.resize(kShown);
  return join(ids, ", ") + (more ? ", ..." : "");
}

const TaskRecord* find_task(const State& state, const std::string& word) {
  if (const TaskRecord* exact = state.find(TaskId{word})) return exact;
  const auto found = std::ranges::find_if(
      state.tasks, [&](const TaskRecord& task) { return lower(task.id().value) == lower(word); });
  return found == state.tasks.end() ? nullptr : &*found;
}

/// What is kept of the caller's git variables.
struct CallersGit {
  std::string dir;
  std::string name;
  std::string email;
};

CallersGit& callers_git() {
  static CallersGit git;
  return git;
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool& long_tmux_folder() {
  static bool found = false;
  return found;
}

/// Somebody who sets GIT_DIR for files that lie next to no `.git` (dotfiles) would search for long.
Failure not_found_here(const Result<git::RepositoryFacts>& facts) {
  const bool told = facts.error().fault == Fault::NotFound && !callers_git().dir.empty();
  if (!told) return passed_on(facts);
  return hinted(
      fail(Fault::NotFound, "{} (GIT_DIR is {}, and tmux-orch does not go by it)",
           facts.error().what, one_line(callers_git().dir, 200)),
      "agents need worktrees of a repository that is found from its files: `git clone` it "
      "and start in the clone");
}

}  // namespace

void leave_callers_git() {
  callers_git() = {.dir = variable("GIT_DIR"),
                   .name = variable("GIT_COMMITTER_NAME"),
                   .email = variable("GIT_COMMITTER_EMAIL")};
  drop_git_state();
}

void leave_long_tmux_folder() {
  long_tmux_folder() = !app::tmux_server(TmuxRules(), {}).address.check(tmuxctl::tmux_tmpdir());
  if (long_tmux_folder()) ::unsetenv("TMUX_TMPDIR");
}

bool had_long_tmux_folder() {
  return long_tmux_folder();
}

std::pair<std::string, std::string> callers_identity() {
  const CallersGit& git = callers_git();
  if (git.name.empty() || git.email.empty()) return {};
  return {git.name, git.email};
}

fs::path own_program() {
  std::error_code ec;
  return fs::read_symlink("/proc/self/exe", ec);
}

Result<fs::path> find_shim() {
  const fs::path folder = own_program().parent_path();
  // In a build folder it is in `shim` next to this folder; installed, in libexec.
  const fs::path candidates[] = {folder / "orch-shim", folder.parent_path() / "shim" / "orch-shim",
                                 folder.parent_path() / kLibexecBelowPrefix / "orch-shim",
                                 fs::path(kLibexecFolder) / "orch-shim"};
  std::error_code ec;
  for (const fs::path& candidate : candidates) {
    if (fs::is_regular_file(candidate, ec)) return candidate;
  }
  return hinted(fail(Fault::NotFound, "orch-shim is missing: it belongs next to {} or in {}",
                     own_program().string(), kLibexecFolder),
                "install tmux-orch again (`meson install`)");
}

Result<git::RepositoryFacts> locate_here() {
  std::error_code ec;
  const fs::path here = fs::current_path(ec);
  if (ec) return fail(Fault::NotFound, "the current folder is gone: {}", ec.message());
  Blocking blocking;
  Result<git::RepositoryFacts> facts =
      blocking.wait(git::Repository::locate(blocking.loop, blocking.children, here));
  if (!facts) return not_found_here(facts);
  return facts;
}

Result<git::RepositoryFacts> discover_here() {
  const Result<git::RepositoryFacts> here = locate_here();
  if (!here) return here;
  fs::path folder = here->checkout;
  if (folder.empty()) {
    std::error_code ec;
    folder = fs::current_path(ec);  // where that it is bare is said
  }
  if (here->in_worktree_of_ours) {
    const Result<app::RunOnDisk> run = app::load_newest(app::Paths(here->root));
    folder = run ? fs::path(run->info.repository) : here->main.empty() ? here->root : here->main;
  }
  Blocking blocking;
  return blocking.wait(git::Repository::discover(blocking.loop, blocking.children, folder));
}

Result<RunHandle> open_run() {
  const Result<git::RepositoryFacts> facts = locate_here();
  if (!facts) return passed_on(facts);
  const app::Paths paths(facts->root);
  Result<app::RunOnDisk> run = app::load_for_verb(paths);
  if (!run) return passed_on(run);
  if (const Status here = app::check_not_moved(paths); !here) return passed_on(here);
  return RunHandle{paths, std::move(*run), *facts};
}

Result<TaskId> task_of(const RunHandle& handle, const TaskOptions& options, std::string_view verb) {
  const State& state = handle.run.state;
  if (!options.window.empty()) {
    // Another tmux server counts its windows from the start again: the newest one is meant.
    const TaskRecord* newest = nullptr;
    for (const TaskRecord& task : state.tasks) {
      if (state.agent_of(task).window != options.window) continue;
      const bool is_newer =
          newest == nullptr || state.agent_of(*newest).id < state.agent_of(task).id;
      if (is_newer) newest = &task;
    }
    if (newest != nullptr) return newest->id();
    return hinted(fail(Fault::NotFound, "window {} belongs to no task", one_line(options.window)),
                  "go to a task's window first");
  }
  if (options.words.empty()) {
    return hinted(fail(Fault::BadInput, "{} needs a task", verb), "tasks: " + known_ids(state));
  }
  if (const TaskRecord* task = find_task(state, options.words[0])) return task->id();
  return hinted(fail(Fault::NotFound, "there is no task '{}'", one_line(options.words[0], 80)),
                "tasks: " + known_ids(state));
}

Result<Config> config_of(const RunHandle& handle) {
  const app::RunPaths files(handle.paths.run(handle.run.info.id));
  const Result<app::SavedConfig> saved = app::load_saved_config(files.configuration());
  if (!saved) return passed_on(saved);
  return saved->read().config;
}

}  // namespace orch::cli
