// What is known of a run besides its state.
#include "cli/run_view.hpp"

#include "app/boottime_clock.hpp"
#include "app/supervisor_client.hpp"
#include "cli/output.hpp"
#include "orch/attempt/attempt.hpp"
#include "store/store.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <vector>

namespace orch::cli {
namespace {

/// What its supervisor has seen; nothing that one has seen who is dead by now.
std::map<TaskId, ResourceUse> usage_of(const RunHandle& handle) {
  std::map<TaskId, ResourceUse> found;
  const Result<store::Store> store =
      store::Store::open(handle.paths.database(), store::Access::ReadOnly);
  if (!store) return found;
  const Result<std::vector<AgentResources>> agents = store->usage(handle.run.info.id);
  if (!agents) return found;
  for (const AgentResources& agent : *agents) {
    const TaskRecord* task = handle.run.state.find(agent.task);
    if (task != nullptr && task->attempts == agent.attempt) found[agent.task] = agent.usage;
  }
  return found;
}

}  // namespace

State as_of_now(State state) {
  const bool is_over = state.run.ended >= state.run.started && state.run.ended != Time{};
  if (is_over) return state;
  for (const TaskRecord& task : state.tasks)
    state.run.ended = std::max(state.run.ended, task.changed_at);
  return state;
}

ui::RunView view_of(const RunHandle& handle) {
  ui::RunView view;
  view.run = handle.run.info.id;
  view.supervisor_pid = app::supervisor_pid(handle.paths);
  view.colour = colours();
  view.columns = columns();
  if (view.supervisor_pid != 0) view.usage = usage_of(handle);
  const app::RunPaths files(handle.paths.run(handle.run.info.id));
  const double now = static_cast<double>(app::BoottimeClock::wall_ms()) / 1000.0;
  for (const TaskRecord& task : handle.run.state.tasks) {
    if (!handle.run.state.agent_of(task).is_alive()) continue;
    const fs::path log = files.attempt(task.id(), task.attempts) / shim::attempt_file::kOutput;

    struct stat attributes {};

    // An agent may have put a link in its place.
    if (::lstat(log.c_str(), &attributes) != 0) continue;
    const double written = static_cast<double>(attributes.st_mtim.tv_sec) +
                           static_cast<double>(attributes.st_mtim.tv_nsec) / 1e9;
    view.last_output_s[task.id()] = std::max(0.0, now - written);
  }
  return view;
}

}  // namespace orch::cli
