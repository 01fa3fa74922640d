// Makes a supervisor with all that it stands on, in the order in which each part needs the others.
#include "app/compose.hpp"

#include "app/ground.hpp"
#include "app/moved.hpp"
#include "app/recorded_children.hpp"
#include "app/run_files.hpp"
#include "app/run_on_disk.hpp"
#include "app/supervisor.hpp"
#include "app/tmux_conf.hpp"
#include "app/tmux_host.hpp"
#include "git/frozen.hpp"
#include "git/layout.hpp"
#include "git/repository.hpp"
#include "loop/child.hpp"
#include "orch/base/environment.hpp"
#include "orch/base/files.hpp"
#include "orch/base/log.hpp"

#include <signal.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

namespace orch::app {
namespace {

using namespace std::chrono_literals;

/// What the store and the run's folder have of it.
struct LoadedRun {
  store::RunInfo info;  ///< as it is stored
  State state;
  Config config;
  std::vector<std::string> environment;
};

Result<LoadedRun> load_run(const store::Store& store, const Paths& paths, const std::string& run) {
  const Result<std::vector<store::RunInfo>> runs = store.runs();
  if (!runs) return passed_on(runs);
  const auto info = std::ranges::find(*runs, run, &store::RunInfo::id);
  if (info == runs->end()) return fail(Fault::NotFound, "there is no run {}", run);
  Result<State> state = store.load(run);
  if (!state) return passed_on(state);
  const RunPaths files(paths.run(run));
  const Result<SavedConfig> saved = load_saved_config(files.configuration());
  if (!saved) return passed_on(saved);
  Result<std::vector<std::string>> environment = load_environment(files.environment());
  if (!environment) return passed_on(environment);
  return LoadedRun{*info, std::move(*state), saved->read().config, std::move(*environment)};
}

SessionSpec session_spec(const Paths& paths, const Config& config, const fs::path& program) {
  SessionSpec spec{.server = tmux_server(config.tmux, paths.repository()),
                   .session = session_name(paths.repository()),
                   .home = {program.string(), "-C", paths.repository().string(), "watch"}};
  spec.history = config.tmux.history;
  spec.config = paths.tmux_conf().string();
  spec.options = {{"@orch_root", paths.repository().string()}, {"@orch_bin", program.string()}};
  return spec;
}

/// What a start needs of the repository and one that was killed may not have got: the configuration
/// of the run, and the branch that it lands on.
loop::Job<Result<bool>> ensure_ready(git::Repository& repository, fs::path config,
                                     git::Settings settings, bool sparse, std::string branch,
                                     CommitId tip) {
  const Result<bool> frozen = co_await repository.freeze(std::move(config), settings);
  if (!frozen) co_return frozen;
  if (sparse) {
    const Result<bool> let = co_await repository.let_worktrees_be_sparse();
    if (!let) co_return let;
  }
  co_return co_await repository.ensure_branch(std::move(branch), std::move(tip));
}

/// A copy of the configuration that somebody removed cannot be made again of what agents may have
/// changed since.
git::Settings settings_for(const RunPaths& files, const State& state) {
  if (git::is_frozen(files.git()) || !has_had_agents(state)) return git::Settings::All;
  log_line(LogLevel::Warning, "{} is gone: no filter or driver of the repository is run",
           files.git().native());
  return git::Settings::Plain;
}

Status wait_for(loop::Loop& loop, loop::Job<Result<bool>> job) {
  std::optional<Result<bool>> done;
  loop::spawn<Result<bool>>(std::move(job), [&](Result<bool> result) {
    done = std::move(result);
    loop.stop();
  });
  while (!done)
    loop.run();
  if (!*done) return passed_on(*done);
  return {};
}

void stop_children(loop::Loop& loop, loop::Children& children) {
  bool stopped = false;
  children.stop_all(2s, [&] {
    stopped = true;
    loop.stop();
  });
  while (!stopped)
    loop.run();
}

/// With everything loaded: makes the adapters, and goes on until the end.
Status work_on(const RunContext& context, State state, const git::RepositoryFacts& facts,
               store::Store& store, Ground& ground) {
  loop::Loop loop;
  loop::Children children(loop);
  record_children(children, store);
  git::Repository repository(loop, children, facts);
  const git::Settings settings = settings_for(context.run, state);
  const bool sparse = !context.config.worktrees.sparse.empty();
  loop::Job<Result<bool>> readying = ensure_ready(repository, context.run.git(), settings, sparse,
                                                  context.info.integration, state.run.integration);
  const Status ready = wait_for(loop, std::move(readying));
  if (!ready) return ready;
  TmuxHost tmux(loop, children, session_spec(context.paths, context.config, context.program));
  Engine engine(std::move(state));
  Supervisor supervisor({loop, children, repository, tmux, store, ground}, context, engine);
  loop::SignalWatch term(loop, SIGTERM, [&] { loop.stop(); });
  Status ended = supervisor.run();
  stop_children(loop, children);
  return ended;
}

}  // namespace

Status supervise(git::RepositoryFacts facts, const std::string& run, const Installed& installed) {
  const Paths paths(facts.root);
  Result<Ground> ground = Ground::take(paths);
  if (!ground) return passed_on(ground);
  Result<store::Store> store = store::Store::open(paths.database(), store::Access::ReadWrite);
  if (!store) return passed_on(store);
  const Status settled = settle(paths, facts.git_dir, *store);
  if (!settled) return settled;
  end_old_children(*store);
  Result<LoadedRun> loaded = load_run(*store, paths, run);
  if (!loaded) return passed_on(loaded);
  // Where the git folder lies elsewhere, git does not know the main worktree; who began the run
  // in it does.
  const fs::path checkout = paths.found(loaded->info.repository);
  if (facts.main.empty() && git::git_dir_at(checkout) == facts.git_dir) facts.main = checkout;
  // Whoever started this supervisor: its gits go by the settings that `up` had.
  take_git_settings(loaded->environment);
  // On a full disk the one of before does: what has to end is ended.
  const Status conf = write_file(paths.tmux_conf(), tmux_conf(loaded->config.tmux), 0600);
  if (!conf && conf.error().fault != Fault::Full) return conf;
  const RunPaths files(paths.run(run));
  ground->remember(files);
  const RunContext context{
      with_absolute_paths(loaded->info, paths), std::move(loaded->config), paths,         files,
      std::move(loaded->environment),           installed.program,         installed.shim};
  return work_on(context, std::move(loaded->state), facts, *store, *ground);
}

}  // namespace orch::app
