// By what tasks need, and by the commits that they landed as or began at.
#include "cli/builds_on.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace orch::cli {
namespace {

bool has_landed_here(const TaskRecord& task) {
  return task.state == TaskState::Merged && !task.merged.empty() &&
         task.why.kind != ReasonKind::MergedEarlier;
}

/// All that need it, by whatever is between.
std::set<TaskId> dependents_of(const State& state, const TaskId& task) {
  std::set<TaskId> found;
  const auto needs_one = [&](const TaskRecord& other) {
    return std::ranges::any_of(
        other.needs, [&](const TaskId& need) { return need == task || found.contains(need); });
  };
  for (std::size_t before = found.size() + 1; before != found.size();) {
    before = found.size();
    for (const TaskRecord& other : state.tasks)
      if (needs_one(other)) found.insert(other.id());
  }
  return found;
}

Result<bool> has(OpenGit& git, const CommitId& commit, const CommitId& later) {
  return git.wait(git.repository.is_ancestor(commit, later));
}

}  // namespace

Result<TaskId> landed_last(const State& state, OpenGit& git) {
  const TaskRecord* last = nullptr;
  for (const TaskRecord& task : state.tasks) {
    if (!has_landed_here(task)) continue;
    bool is_later = last == nullptr || task.changed_at > last->changed_at;
    if (last != nullptr && task.changed_at == last->changed_at) {
      // They landed as one commit.
      const Result<bool> above = has(git, last->merged, task.merged);
      if (!above) return passed_on(above);
      is_later = *above;
    }
    if (is_later) last = &task;
  }
  if (last == nullptr) return fail(Fault::NotFound, "no task has landed");
  return last->id();
}

Result<BuildsOn> builds_on(const State& state, OpenGit& git, const TaskId& id) {
  BuildsOn found;
  const TaskRecord* task = state.find(id);
  if (task == nullptr || task->merged.empty()) return found;
  const std::set<TaskId> dependents = dependents_of(state, id);
  for (const TaskRecord& other : state.tasks) {
    const bool needs_it = dependents.contains(other.id());
    const bool is_at_work = is_active(other.state) || other.state == TaskState::Blocked;
    const CommitId& began = state.agent_of(other).start;
    const bool may_have_it = is_at_work || has_landed_here(other);
    if (other.id() != id && may_have_it && !began.empty()) {
      const Result<bool> there = has(git, task->merged, began);
      if (!there) return passed_on(there);
      if (*there) (is_at_work ? found.at_work : found.landed).push_back(other.id());
    }
    if (needs_it && !is_at_work && !is_final(other.state)) found.waiting.push_back(other.id());
  }
  return found;
}

}  // namespace orch::cli
