// Joins a run that a supervisor is at work on, or says what is in the way of a new one.
#include "app/join_run.hpp"

#include "app/run_on_disk.hpp"
#include "app/supervisor_client.hpp"
#include "loop/loop.hpp"
#include "orch/base/shell.hpp"

#include <fmt/format.h>

#include <chrono>
#include <thread>

namespace orch::app {
namespace {

using namespace std::chrono_literals;

constexpr Span kLingerTimeout = 5s;
constexpr Span kLook = 20ms;

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

}  // namespace

bool is_about(const store::RunInfo& info, const UpRequest& request) {
  return info.task_file == request.task_file && info.repository == request.checkout;
}

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

}  // namespace orch::app
