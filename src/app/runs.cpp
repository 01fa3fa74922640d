// A run on disk.
#include "app/runs.hpp"

#include "app/boottime_clock.hpp"
#include "app/commit.hpp"
#include "app/ground.hpp"
#include "app/moved.hpp"
#include "app/our_processes.hpp"
#include "app/spool.hpp"
#include "app/supervisor_client.hpp"
#include "git/parse.hpp"
#include "loop/loop.hpp"
#include "orch/base/files.hpp"
#include "orch/base/process.hpp"
#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"
#include "orch/core/engine.hpp"
#include "orch/core/plan.hpp"

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <thread>

namespace orch::app {
namespace {

using namespace std::chrono_literals;

constexpr Span kStartTimeout = 10s;
constexpr Span kLingerTimeout = 5s;
constexpr Span kPutBackTimeout = 4s;  // a supervisor looks at its database each second
constexpr Span kLook = 20ms;

bool is_over(RunPhase phase) {
  return phase == RunPhase::Finished || phase == RunPhase::Stopped || phase == RunPhase::BaseRed;
}

std::string new_run_id() {
  const time_t now = ::time(nullptr);
  tm utc{};
  gmtime_r(&now, &utc);
  return fmt::format("{:04}{:02}{:02}-{:02}{:02}{:02}-{}", utc.tm_year + 1900, utc.tm_mon + 1,
                     utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, fresh_id().substr(28));
}

Status save_run_files(const Paths& paths, const std::string& run, const UpRequest& request) {
  const RunPaths files(paths.run(run));
  if (Status made = make_folders(files.root(), 0700); !made) return made;
  if (Status saved = save_config(files.configuration(), request.config); !saved) return saved;
  if (Status saved = save_environment(files.environment(), request.environment); !saved) {
    return saved;
  }
  return write_file(files.plan(), request.plan_json, 0600);
}

/// What an earlier run merged although the file has it open: it could not be ticked, or the mark
/// was lost again. Not what the user reset, wrote anew, asks for by its id, or took the mark of
/// back.
std::map<TaskId, CommitId> merged_before(const UpRequest& request, const State& state,
                                         const TaskNews& news) {
  std::map<TaskId, CommitId> merged;
  if (!state.run.rules.write_back) return merged;
  const auto names = [](const std::vector<TaskId>& ids, const TaskId& id) {
    return std::ranges::find(ids, id) != ids.end();
  };
  for (const TaskSpec& spec : request.tasks) {
    const TaskRecord* task = state.find(spec.id);
    if (spec.done || task == nullptr || task->merged.empty()) continue;
    const bool wanted_again = task->tick == Tick::TakenBack || names(news.unticked, spec.id) ||
                              names(request.rules.only, spec.id);
    if (wanted_again || !same_work(spec, task->plan.spec)) continue;
    if (request.on_base(task->merged)) merged.emplace(spec.id, task->merged);
  }
  return merged;
}

Result<BegunRun> begin_new(const Paths& paths, const UpRequest& request, store::Store& store,
                           const std::map<TaskId, CommitId>& merged) {
  store::RunInfo info;
  info.id = new_run_id();
  info.task_file = paths.kept(request.task_file);
  info.repository = paths.kept(request.checkout);
  info.integration = fmt::format("{}/{}", request.branch_folder, info.id);
  info.boot_id = boot_id();
  info.clock_offset_ms = loop::Loop::boottime_ms();
  info.created_wall_ms = BoottimeClock::wall_ms();
  if (Status saved = save_run_files(paths, info.id, request); !saved) return passed_on(saved);
  const RunPaths files(paths.run(info.id));
  const Status kept = save_last_read(files, first_read(request.sight));
  if (!kept) return passed_on(kept);
  if (Status begun = store.begin_run(info); !begun) return passed_on(begun);
  Engine engine;
  RunStarted started{request.rules, request.tasks, request.base_tip, merged};
  started.rules.seed = fnv1a(info.id);
  const Decision decision = engine.handle(started, at_ms(0));
  const Result<std::int64_t> stored =
      commit_event(store, info.id, started, decision, engine.state(), at_ms(0));
  if (!stored) return passed_on(stored);
  return BegunRun{.id = info.id, .integration = info.integration, .start = request.base_tip};
}

/// What the file says now to a run that read it before.
TaskNews news_for(const Paths& paths, const std::string& run, const State& state,
                  const UpRequest& request) {
  const RunPaths files(paths.run(run));
  const LastRead last = load_last_read(files).value_or(nothing_read(request.sight));
  return news_of(known_tasks(state), last, request.sight, request.read);
}

Result<BegunRun> resume(const Paths& paths, const UpRequest& request, store::Store& store,
                        const store::RunInfo& info, State state) {
  const Result<std::vector<store::TraceRow>> last = store.last_trace(info.id);
  if (!last) return passed_on(last);
  if (Status saved = save_run_files(paths, info.id, request); !saved) return passed_on(saved);
  const BoottimeClock clock = BoottimeClock::resume(info.boot_id, info.clock_offset_ms,
                                                    last->empty() ? at_ms(0) : last->front().at);
  const CommitId start = state.run.base_start;
  const RunPaths files(paths.run(info.id));
  TaskNews news = news_for(paths, info.id, state, request);
  const bool readable = !make_plan(news.tasks).has_errors();
  RunResumed resumed{request.rules, std::move(news.tasks), is_over(state.run.phase),
                     std::move(news.unticked)};
  resumed.rules.seed = state.run.rules.seed;
  Engine engine(std::move(state));
  const Time now = clock.now();
  const Decision decision = engine.handle(resumed, now);
  const Status set = store.set_clock(info.id, clock.boot(), clock.offset_ms());
  if (!set) return passed_on(set);
  const Result<std::int64_t> stored =
      commit_event(store, info.id, resumed, decision, engine.state(), now);
  if (!stored) return passed_on(stored);
  // Behind the event: an edit that is read twice changes nothing, one that is lost does.
  if (readable) {
    if (Status kept = save_last_read(files, news.last); !kept) return passed_on(kept);
  }
  return BegunRun{.id = info.id, .integration = info.integration, .start = start, .resumed = true};
}

/// Does the run go by the settings that this `up` was called with? Its supervisor reads them once.
bool same_settings(const Paths& paths, const RunOnDisk& run, const UpRequest& request) {
  const Result<std::string> saved = read_file(RunPaths(paths.run(run.info.id)).configuration());
  return saved && *saved == encode_config(request.config) &&
         run.state.run.rules.only == request.rules.only;
}

/// What a run is about, as a sentence names it.
std::string subject(const store::RunInfo& info, const Paths& paths) {
  if (info.repository == paths.repository()) return info.task_file;
  return fmt::format("{} (started in the worktree {})", info.task_file, info.repository);
}

bool is_about(const store::RunInfo& info, const UpRequest& request) {
  return info.task_file == request.task_file && info.repository == request.checkout;
}

Result<BegunRun> join_living(const Paths& paths, const UpRequest& request) {
  const Result<RunOnDisk> newest = load_newest(paths);
  if (!newest) return passed_on(newest);
  if (!is_about(newest->info, request)) {
    return hinted(fail(Fault::Refused, "another supervisor (pid {}) is at work here on {}",
                       supervisor_pid(paths), subject(newest->info, paths)),
                  "`tmux-orch status` shows it, `tmux-orch down` stops it");
  }
  return BegunRun{.id = newest->info.id,
                  .integration = newest->info.integration,
                  .start = newest->state.run.base_start,
                  .resumed = true,
                  .alive = true,
                  .other_settings = !same_settings(paths, *newest, request)};
}

Failure not_over(const store::RunInfo& run, const Paths& paths) {
  const std::string there =
      run.repository == paths.repository() ? "" : fmt::format("-C {} ", shell_word(run.repository));
  return hinted(fail(Fault::Refused, "the run on {} is not over", subject(run, paths)),
                fmt::format("`tmux-orch {}up {}` goes on with it, `tmux-orch down` ends it", there,
                            shell_word(run.task_file)));
}

/// Whoever has the lock without a run to join is waited for: another `up` that begins one at the
/// same moment, or a supervisor whose run is over and that stays for a moment.
Result<Fd> lock_when_left(const Paths& paths) {
  const std::int64_t deadline = loop::Loop::boottime_ms() + kLingerTimeout.count();
  while (true) {
    Result<Fd> lock = lock_file(paths.lock());
    if (lock || lock.error().fault != Fault::Busy) return lock;
    const Result<RunOnDisk> newest = load_newest(paths);
    const bool joinable = newest && !is_over(newest->state.run.phase);
    if (joinable || loop::Loop::boottime_ms() > deadline) return lock;
    std::this_thread::sleep_for(kLook);
  }
}

}  // namespace

bool has_had_agents(const State& state) {
  // An attempt is numbered when it is decided, and its worktree is known before its agent starts.
  return std::ranges::any_of(state.tasks, [&state](const TaskRecord& task) {
    return task.attempts > 1 || !state.agent_of(task).worktree.empty();
  });
}

bool is_all_merged(const State& state) {
  return state.run.phase == RunPhase::Finished && exit_status(state) == 0;
}

Result<BegunRun> begin_run(const Paths& paths, const UpRequest& request) {
  await_put_back(paths);
  ProcessId supervisor = supervisor_of(paths.repository());
  // One that another `up` has just started takes the lock in a moment.
  const std::int64_t deadline = loop::Loop::boottime_ms() + kStartTimeout.count();
  while (supervisor && !supervisor_alive(paths) && loop::Loop::boottime_ms() < deadline) {
    std::this_thread::sleep_for(kLook);
    supervisor = supervisor_of(paths.repository());
  }
  if (supervisor && !supervisor_alive(paths)) {
    return hinted(fail(Fault::Refused, "the supervisor {} lost its folder {} and does not answer",
                       supervisor.pid, paths.home().string()),
                  fmt::format("`kill {}` ends it; its agents go on", supervisor.pid));
  }
  if (Status made = paths.make(); !made) return passed_on(made);
  if (const Status here = check_not_moved(paths); !here) return passed_on(here);
  const Result<Fd> lock = lock_when_left(paths);
  if (!lock) {
    if (lock.error().fault == Fault::Busy) return join_living(paths, request);
    return passed_on(lock);
  }
  Result<store::Store> store = store::Store::open(paths.database(), store::Access::ReadWrite);
  if (!store) return passed_on(store);
  Result<std::vector<store::RunInfo>> runs = store->runs();
  if (!runs) return passed_on(runs);
  for (store::RunInfo& run : *runs)
    run = with_absolute_paths(std::move(run), paths);
  if (!runs->empty() && !is_about(runs->front(), request)) {
    const Result<State> state = store->load(runs->front().id);
    if (!state) return passed_on(state);
    if (!is_over(state->run.phase)) return not_over(runs->front(), paths);
  }
  const auto is_same = [&](const store::RunInfo& run) { return is_about(run, request); };
  const auto earlier = std::ranges::find_if(*runs, is_same);
  if (earlier == runs->end()) return begin_new(paths, request, *store, {});
  Result<State> state = store->load(earlier->id);
  if (!state) return passed_on(state);
  if (is_all_merged(*state)) {
    const TaskNews news = news_for(paths, earlier->id, *state, request);
    return begin_new(paths, request, *store, merged_before(request, *state, news));
  }
  return resume(paths, request, *store, *earlier, std::move(*state));
}

std::optional<SeenBefore> seen_before(const Paths& paths, const std::string& task_file) {
  std::error_code ec;
  if (!fs::exists(paths.database(), ec)) return {};
  const Result<store::Store> store = store::Store::open(paths.database(), store::Access::ReadOnly);
  if (!store) return {};
  const Result<std::optional<store::RunInfo>> run = store->latest_run(paths.kept(task_file));
  if (!run || !*run) return {};
  const std::optional<LastRead> last = load_last_read(RunPaths(paths.run((*run)->id)));
  if (!last) return {};
  return SeenBefore{last->commit, {}};  // who calls `up` means the checkout as it is now
}

std::string base_to_go_on_with(const Paths& paths, const std::string& task_file,
                               const fs::path& checkout) {
  std::error_code ec;
  if (!fs::exists(paths.database(), ec)) return {};
  const Result<store::Store> store = store::Store::open(paths.database(), store::Access::ReadOnly);
  if (!store) return {};
  const Result<std::optional<store::RunInfo>> run = store->latest_run(paths.kept(task_file));
  if (!run || !*run || paths.found((*run)->repository) != checkout) return {};
  const Result<State> state = store->load((*run)->id);
  return state && !is_all_merged(*state) ? state->run.rules.base : std::string();
}

Result<RunOnDisk> load_newest(const Paths& paths) {
  std::error_code ec;
  if (!fs::exists(paths.database(), ec)) {
    return hinted(fail(Fault::NotFound, "there is no run in {}", paths.repository().string()),
                  "`tmux-orch up tasks.md` starts one");
  }
  const Result<store::Store> store = store::Store::open(paths.database(), store::Access::ReadOnly);
  if (!store) return passed_on(store);
  const Result<std::optional<store::RunInfo>> newest = store->latest_run();
  if (!newest) return passed_on(newest);
  if (!*newest) {
    return hinted(fail(Fault::NotFound, "there is no run in {}", paths.repository().string()),
                  "`tmux-orch up tasks.md` starts one");
  }
  Result<State> state = store->load((*newest)->id);
  if (!state) return passed_on(state);
  return RunOnDisk{with_absolute_paths(**newest, paths), with_absolute_paths(*state, paths)};
}

store::RunInfo with_absolute_paths(store::RunInfo info, const Paths& paths) {
  info.task_file = paths.found(info.task_file).string();
  info.repository = paths.found(info.repository).string();
  return info;
}

State with_absolute_paths(State state, const Paths& paths) {
  for (auto& [id, agent] : state.agents)
    agent.worktree = paths.found(agent.worktree).string();
  return state;
}

Result<RunOnDisk> load_for_verb(const Paths& paths) {
  Result<RunOnDisk> newest = load_newest(paths);
  if (newest) return newest;
  const ProcessId supervisor = supervisor_of(paths.repository());
  const std::int64_t deadline = loop::Loop::boottime_ms() + kPutBackTimeout.count();
  while (!newest && is_alive(supervisor) && loop::Loop::boottime_ms() < deadline) {
    std::this_thread::sleep_for(kLook);
    newest = load_newest(paths);
  }
  const std::size_t agents = shims_below(paths.home()).size();
  if (newest || newest.error().fault != Fault::NotFound || agents == 0) return newest;
  return hinted(fail(Fault::NotFound, "{} agent{} of a run in {}, whose records were removed, live",
                     agents, agents == 1 ? "" : "s", paths.repository().string()),
                "`tmux-orch down` ends them and saves their work");
}

}  // namespace orch::app
