// Compares an earlier run's records with the task file as it is now.
#include "app/merged_before.hpp"

#include "orch/core/plan.hpp"

#include <algorithm>
#include <vector>

namespace orch::app {

TaskNews news_for(const Paths& paths, const std::string& run, const State& state,
                  const UpRequest& request) {
  const RunPaths files(paths.run(run));
  const LastRead last = load_last_read(files).value_or(nothing_read(request.sight));
  return news_of(known_tasks(state), last, request.sight, request.read);
}

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

}  // namespace orch::app
