// Names that people find them by, in what may be anybody's words.
#include "app/candidate.hpp"

#include "config/names.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <vector>

namespace orch::app {

std::string candidate_ref(const RunContext& context, const TaskId& task) {
  const std::string name = task.value.empty() ? "base" : slug(task.value);
  return fmt::format("refs/orch/cand/{}/{}", context.info.id, name);
}

std::string message_of(const State& state, const std::string& run, const TaskId& id) {
  const TaskRecord* task = state.find(id);
  if (task == nullptr) {
    return fmt::format("Merge branch '{}'\n\nOrch-Run: {}\n", state.run.rules.base, run);
  }
  return fmt::format("{}: {}\n\nOrch-Run: {}\nOrch-Task: {}\n", one_line(id.value, 40),
                     one_line(task->plan.spec.title, 72), run, one_line(id.value));
}

std::string message_of_all(const State& state, const std::string& run, const Land& effect) {
  std::vector<TaskId> ids = effect.with;
  ids.push_back(effect.task);
  std::string names;
  std::string titles;
  std::string trailers = fmt::format("Orch-Run: {}\n", run);
  for (const TaskId& id : ids) {
    const TaskRecord* task = state.find(id);
    const std::string title = task == nullptr ? std::string() : one_line(task->plan.spec.title, 72);
    names += (names.empty() ? "" : ", ") + one_line(id.value, 40);
    titles += fmt::format("- {}: {}\n", one_line(id.value, 40), title);
    trailers += fmt::format("Orch-Task: {}\n", one_line(id.value));
  }
  return fmt::format("Merge {}\n\n{}\n{}", one_line(names, 60), titles, trailers);
}

std::string message_of_undo(const State& state, const std::string& run, const TaskId& id,
                            const std::vector<CommitId>& landed) {
  const TaskRecord* task = state.find(id);
  const std::string title = task == nullptr ? std::string() : one_line(task->plan.spec.title, 72);
  std::vector<std::string> commits;
  for (const CommitId& commit : landed)
    commits.push_back(commit.value);
  return fmt::format("Revert \"{}: {}\"\n\nThis takes back {}.\n\nOrch-Run: {}\nOrch-Undo: {}\n",
                     one_line(id.value, 40), title, join(commits, ",\n"), run, one_line(id.value));
}

}  // namespace orch::app
