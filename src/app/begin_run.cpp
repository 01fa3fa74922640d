// Begins a run or goes on with one: its files, its first event, and what the task file says to it.
#include "app/begin_run.hpp"

#include "app/boottime_clock.hpp"
#include "app/decide_once.hpp"
#include "app/ground.hpp"
#include "app/join_run.hpp"
#include "app/merged_before.hpp"
#include "app/moved.hpp"
#include "app/our_processes.hpp"
#include "app/run_on_disk.hpp"
#include "app/spool.hpp"
#include "app/supervisor_client.hpp"
#include "loop/loop.hpp"
#include "machine/memory.hpp"
#include "orch/base/files.hpp"
#include "orch/base/process.hpp"
#include "orch/base/text.hpp"
#include "orch/core/plan.hpp"

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <thread>

namespace orch::app {
namespace {

using namespace std::chrono_literals;

constexpr Span kStartTimeout = 10s;
constexpr Span kLook = 20ms;

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

/// The first agents are started at once, before a supervisor has looked at anything.
MemorySeen memory_now(const Limits& limits) {
  const std::optional<machine::MachineMemory> memory = machine::read_machine_memory("/proc");
  if (!memory) return {};
  machine::MemoryJudge judge({limits.memory_free, limits.memory_pressure}, false);
  constexpr std::int64_t kNow = 0;
  return {.is_short = judge.is_short(*memory, kNow), .available = memory->available};
}

/// A run that was just over has ticked its last task, say: what was read would look as if the user
/// had taken that mark away.
bool was_written_since(const TaskSight& sight) {
  if (!sight.disk) return false;
  const Result<tasks::Loaded> now = tasks::load_source(sight.disk->path);
  return now && tasks::fingerprint_of(*now) != tasks::fingerprint_of(*sight.disk);
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
  if (Status noted = store.begin_run(info); !noted) return passed_on(noted);
  RunStarted started{request.rules, request.tasks, request.base_tip, merged};
  started.rules.seed = fnv1a(info.id);
  started.memory = memory_now(request.config.read().config.limits);
  const Status begun = decide_once(store, paths, info, {}, std::move(started));
  if (!begun) return passed_on(begun);
  return BegunRun{.id = info.id, .integration = info.integration, .start = request.base_tip};
}

Result<BegunRun> resume(const Paths& paths, const UpRequest& request, store::Store& store,
                        const store::RunInfo& info, State state) {
  if (Status saved = save_run_files(paths, info.id, request); !saved) return passed_on(saved);
  const CommitId start = state.run.base_start;
  const RunPaths files(paths.run(info.id));
  TaskNews news = news_for(paths, info.id, state, request);
  const bool readable = !make_plan(news.tasks).has_errors();
  RunResumed resumed{request.rules, std::move(news.tasks), is_over(state.run.phase),
                     std::move(news.unticked)};
  resumed.rules.seed = state.run.rules.seed;
  resumed.memory = memory_now(request.config.read().config.limits);
  const Status decided = decide_once(store, paths, info, std::move(state), std::move(resumed));
  if (!decided) return passed_on(decided);
  // Behind the event: an edit that is read twice changes nothing, one that is lost does.
  if (readable) {
    if (Status kept = save_last_read(files, news.last); !kept) return passed_on(kept);
  }
  return BegunRun{.id = info.id, .integration = info.integration, .start = start, .resumed = true};
}

}  // namespace

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
  if (was_written_since(request.sight))
    return fail(Fault::Conflict, "{} is being written all the time", request.task_file);
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

}  // namespace orch::app
