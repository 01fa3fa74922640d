// Reads the newest run of a repository.
#include "app/run_on_disk.hpp"

#include "app/our_processes.hpp"
#include "app/run_files.hpp"
#include "loop/loop.hpp"
#include "orch/base/process.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace orch::app {
namespace {

using namespace std::chrono_literals;

constexpr Span kPutBackTimeout = 4s;  // a supervisor looks at its database each second
constexpr Span kLook = 20ms;

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

namespace {

/// The run of that file in that checkout, unless it is over.
std::optional<RunHead> run_to_go_on_with(const Paths& paths, const std::string& task_file,
                                         const fs::path& checkout) {
  std::error_code ec;
  if (!fs::exists(paths.database(), ec)) return {};
  const Result<store::Store> store = store::Store::open(paths.database(), store::Access::ReadOnly);
  if (!store) return {};
  const Result<std::optional<store::RunInfo>> run = store->latest_run(paths.kept(task_file));
  if (!run || !*run || paths.found((*run)->repository) != checkout) return {};
  Result<RunRecord> record = store->load_record((*run)->id);
  if (!record) return {};
  if (record->phase == RunPhase::Finished) {
    const Result<State> state = store->load((*run)->id);
    if (!state || is_all_merged(*state)) return {};
  }
  return RunHead{**run, std::move(*record)};
}

/// A database with its newest run.
struct Newest {
  store::Store store;
  store::RunInfo info;
};

Result<Newest> open_newest(const Paths& paths) {
  const auto no_run = [&paths] {
    return hinted(fail(Fault::NotFound, "there is no run in {}", paths.repository().string()),
                  "`tmux-orch up tasks.md` starts one");
  };
  std::error_code ec;
  if (!fs::exists(paths.database(), ec)) return no_run();
  Result<store::Store> store = store::Store::open(paths.database(), store::Access::ReadOnly);
  if (!store) return passed_on(store);
  Result<std::optional<store::RunInfo>> newest = store->latest_run();
  if (!newest) return passed_on(newest);
  if (!*newest) return no_run();
  return Newest{std::move(*store), std::move(**newest)};
}

}  // namespace

std::optional<Rules> rules_to_go_on_with(const Paths& paths, const std::string& task_file,
                                         const fs::path& checkout) {
  const std::optional<RunHead> run = run_to_go_on_with(paths, task_file, checkout);
  return run ? std::optional<Rules>(run->record.rules) : std::nullopt;
}

std::optional<SavedConfig> configuration_to_go_on_with(const Paths& paths,
                                                       const std::string& task_file,
                                                       const fs::path& checkout) {
  const std::optional<RunHead> run = run_to_go_on_with(paths, task_file, checkout);
  if (!run) return {};
  Result<SavedConfig> saved = load_saved_config(RunPaths(paths.run(run->info.id)).configuration());
  if (!saved) return {};
  return std::move(*saved);
}

Result<RunOnDisk> load_newest(const Paths& paths) {
  const Result<Newest> newest = open_newest(paths);
  if (!newest) return passed_on(newest);
  Result<State> state = newest->store.load(newest->info.id);
  if (!state) return passed_on(state);
  return RunOnDisk{with_absolute_paths(newest->info, paths),
                   with_absolute_paths(std::move(*state), paths)};
}

Result<RunHead> load_newest_head(const Paths& paths) {
  const Result<Newest> newest = open_newest(paths);
  if (!newest) return passed_on(newest);
  Result<RunRecord> record = newest->store.load_record(newest->info.id);
  if (!record) return passed_on(record);
  return RunHead{with_absolute_paths(newest->info, paths), std::move(*record)};
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
