// supervise: the supervisor itself.
#include "app/ground.hpp"
#include "app/moved.hpp"
#include "app/run_files.hpp"
#include "app/supervisor.hpp"
#include "app/tmux_host.hpp"
#include "cli/output.hpp"
#include "cli/run_handle.hpp"
#include "cli/tmux_conf.hpp"
#include "cli/verbs.hpp"
#include "git/frozen.hpp"
#include "git/layout.hpp"
#include "git/repository.hpp"
#include "loop/child.hpp"
#include "loop/descriptors.hpp"
#include "orch/base/environment.hpp"
#include "orch/base/files.hpp"
#include "orch/base/log.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace orch::cli {
namespace {

using namespace std::chrono_literals;

struct Options {
  std::string run;  ///< its id
};

void add_options(OptionList& list, Options& options) {
  list.needed_word("RUN", options.run, "the run's id");
}

/// Ends what an earlier supervisor that was killed left running: before anything is looked at.
void end_old_children(store::Store& store) {
  const Result<std::vector<ProcessId>> children = store.children();
  if (!children) return;
  for (const ProcessId& child : *children) {
    if (signal_process(child, SIGKILL)) {
      log_line(LogLevel::Warning, "ended process {} of an earlier supervisor", child.pid);
    }
    for (int look = 0; is_alive(child) && look < 100; ++look)
      std::this_thread::sleep_for(10ms);
    if (const Status forgotten = store.forget_child(child); !forgotten) return;
  }
}

void record_children(loop::Children& children, store::Store& store) {
  children.on_start = [&store](const ProcessId& child, const loop::Command& command) {
    const Status recorded = store.record_child(child, command.argv.front());
    if (!recorded) log_line(LogLevel::Warning, "{}", to_text(recorded.error()));
  };
  children.on_end = [&store](const ProcessId& child) {
    const Status forgotten = store.forget_child(child);
    if (!forgotten) log_line(LogLevel::Warning, "{}", to_text(forgotten.error()));
  };
}

app::SessionSpec session_spec(const app::Paths& paths, const Config& config) {
  app::SessionSpec spec{
      .server = app::tmux_server(config.tmux, paths.repository()),
      .session = session_name(paths.repository()),
      .home = {own_program().string(), "-C", paths.repository().string(), "watch"}};
  spec.history = config.tmux.history;
  spec.config = paths.tmux_conf().string();
  spec.options = {{"@orch_root", paths.repository().string()},
                  {"@orch_bin", own_program().string()}};
  return spec;
}

/// What a start needs of the repository and one that was killed may not have got: the configuration
/// of the run, and the branch that it lands on.
loop::Job<Result<bool>> ensure_ready(git::Repository& repository, fs::path config,
                                     git::Settings settings, std::string branch, CommitId tip) {
  const Result<bool> frozen = co_await repository.freeze(std::move(config), settings);
  if (!frozen) co_return frozen;
  co_return co_await repository.ensure_branch(std::move(branch), std::move(tip));
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

Status supervise_run(const std::string& run) {
  const Status enough = loop::check_descriptors("a run", loop::kDescriptorsOfRun);
  if (!enough) return enough;
  Result<git::RepositoryFacts> facts = locate_here();
  if (!facts) return passed_on(facts);
  const app::Paths paths(facts->root);
  Result<app::Ground> ground = app::Ground::take(paths);
  if (!ground) return passed_on(ground);
  Result<store::Store> store = store::Store::open(paths.database(), store::Access::ReadWrite);
  if (!store) return passed_on(store);
  const Status settled = app::settle(paths, facts->git_dir, *store);
  if (!settled) return settled;
  end_old_children(*store);
  const Result<std::vector<store::RunInfo>> runs = store->runs();
  if (!runs) return passed_on(runs);
  const auto info = std::ranges::find(*runs, run, &store::RunInfo::id);
  if (info == runs->end()) return fail(Fault::NotFound, "there is no run {}", run);
  // Where the git folder lies elsewhere, git does not know the main worktree; who began the run
  // in it does.
  const fs::path checkout = paths.found(info->repository);
  if (facts->main.empty() && git::git_dir_at(checkout) == facts->git_dir) facts->main = checkout;
  Result<State> state = store->load(run);
  if (!state) return passed_on(state);
  const app::RunPaths files(paths.run(run));
  const Result<app::SavedConfig> saved = app::load_saved_config(files.configuration());
  if (!saved) return passed_on(saved);
  const Result<std::vector<std::string>> environment = app::load_environment(files.environment());
  if (!environment) return passed_on(environment);
  // Whoever started this supervisor: its gits go by the settings that `up` had.
  take_git_settings(*environment);
  const Result<fs::path> shim = find_shim();
  if (!shim) return passed_on(shim);
  const Config config = saved->read().config;
  // On a full disk the one of before does: what has to end is ended.
  const Status conf = write_file(paths.tmux_conf(), tmux_conf(config.tmux), 0600);
  if (!conf && conf.error().fault != Fault::Full) return conf;
  ground->remember(files);

  loop::Loop loop;
  loop::Children children(loop);
  record_children(children, *store);
  git::Repository repository(loop, children, *facts);
  // A copy that somebody removed cannot be made again of what agents may have changed since.
  const bool is_late = app::has_had_agents(*state) && !git::is_frozen(files.git());
  if (is_late)
    log_line(LogLevel::Warning, "{} is gone: no filter or driver of the repository is run",
             files.git().native());
  const git::Settings settings = is_late ? git::Settings::Plain : git::Settings::All;
  const Status ready = wait_for(loop, ensure_ready(repository, files.git(), settings,
                                                   info->integration, state->run.integration));
  if (!ready) return ready;
  app::TmuxHost tmux(loop, children, session_spec(paths, config));
  Engine engine(std::move(*state));
  const app::RunContext context{app::with_absolute_paths(*info, paths),
                                config,
                                paths,
                                files,
                                *environment,
                                own_program(),
                                *shim};
  app::Supervisor supervisor({loop, children, repository, tmux, *store, *ground}, context, engine);
  loop::SignalWatch term(loop, SIGTERM, [&] { loop.stop(); });
  Status ended = supervisor.run();
  bool stopped = false;
  children.stop_all(2s, [&] {
    stopped = true;
    loop.stop();
  });
  while (!stopped)
    loop.run();
  return ended;
}

int supervise(const Options& options) {
  const Status ended = supervise_run(options.run);
  if (ended) return status::kOk;
  log_line(LogLevel::Error, "{}", to_text(ended.error()));
  return status::kError;
}

}  // namespace

const Verb kSuperviseVerb{"supervise", kHidden, "the supervisor itself; started by `up`",
                          "tmux-orch supervise 20260101-120000-0001",
                          begin<add_options, supervise>};

}  // namespace orch::cli
