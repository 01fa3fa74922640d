// The tasks of a run: how they join, follow edits of their file, and become unreachable.
#include "orch/base/shell.hpp"
#include "orch/core/engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace orch {
namespace {

using Index = std::unordered_map<std::string, std::size_t>;

Index index_of(const std::vector<TaskRecord>& tasks) {
  Index index;
  for (std::size_t i = 0; i < tasks.size(); ++i)
    index.emplace(tasks[i].id().value, i);
  return index;
}

bool not_begun(const TaskRecord& task) {
  return (task.state == TaskState::Waiting || task.state == TaskState::Unreachable) &&
         task.doing == 0;
}

}  // namespace

// The mark is ours to set, a line moves when others are edited, and what comes first gets less as
// the others are done: none of it is a change of the task.
bool same_work(TaskSpec first, TaskSpec second) {
  first.done = second.done = false;
  first.line = second.line = 0;
  first.items = second.items = {};
  first.after = second.after = {};
  return first == second;
}

void Engine::on(const TasksChanged& event) {
  take_tasks(event.tasks, false);
  follow_marks(event.unticked);
}

void Engine::take_tasks(const std::vector<TaskSpec>& specs, bool at_start) {
  const Plan plan = make_plan(specs);
  if (plan.has_errors()) {
    const auto first = std::ranges::find(plan.problems, Severity::Error, &Problem::severity);
    note("tasks.refused", {},
         fmt::format("the task file is not followed: line {}: {}", first->line, first->message));
    return;
  }
  if (at_start) state_.tasks.clear();
  const Index known = index_of(state_.tasks);
  std::vector<TaskRecord> before = std::move(state_.tasks);
  std::vector<bool> kept(before.size(), false);
  state_.tasks.clear();
  state_.tasks.reserve(plan.tasks.size());
  for (const PlannedTask& planned : plan.tasks) {
    const auto found = known.find(planned.spec.id.value);
    if (found == known.end()) {
      join(planned);
      if (!at_start) note("task.joined", planned.spec.id, "new in the task file");
      continue;
    }
    kept[found->second] = true;
    // A place in the list is part of the state: it decides among equals.
    if (found->second != state_.tasks.size()) touch(before[found->second]);
    state_.tasks.push_back(std::move(before[found->second]));
    update(state_.tasks.back(), planned);
  }
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (kept[i]) continue;
    if (i != state_.tasks.size()) touch(before[i]);
    state_.tasks.push_back(std::move(before[i]));
    drop(state_.tasks.back());
  }
  choose_wanted();
  relate(plan);
  refresh_unreachable();
}

void Engine::choose_wanted() {
  const std::vector<TaskId>& only = state_.run.rules.only;
  for (TaskRecord& task : state_.tasks) {
    const bool wanted = only.empty() ? task.plan.spec.withheld.empty()
                                     : std::ranges::find(only, task.id()) != only.end();
    if (wanted != task.wanted) touch(task);
    task.wanted = wanted;
  }
}

std::string_view Engine::why_unwanted(const TaskRecord& task) {
  const std::string& withheld = task.plan.spec.withheld;
  return withheld.empty() ? "left out by --only" : std::string_view(withheld);
}

void Engine::join(const PlannedTask& planned) {
  TaskRecord task;
  task.plan = planned;
  task.changed_at = now_;
  if (planned.spec.done) {
    task.state = TaskState::Merged;
    task.why = "ticked in the task file";
    task.cleaned = true;
    task.tick = Tick::Written;
    task.changed = false;
  }
  touch(task);
  state_.tasks.push_back(std::move(task));
}

void Engine::update(TaskRecord& task, const PlannedTask& planned) {
  if (std::exchange(task.gone, false)) {
    touch(task);
    if (task.state == TaskState::Aborted) {
      enter(task, TaskState::Waiting);
      note("task.joined", task.id(), "back in the task file");
    }
  }
  if (task.plan == planned) return;
  touch(task);
  if (not_begun(task)) {
    task.plan = planned;
    task.plan.spec.items = items_unmerged(task);
    if (planned.spec.done) {
      task.tick = Tick::Written;
      task.cleaned = task.attempt.worktree.empty();
      task.changed = false;
      enter(task, TaskState::Merged, "ticked in the task file");
      note("task.ticked", task.id(), "ticked by hand");
    }
    return;
  }
  if (!is_final(task.state) && !same_work(task.plan.spec, planned.spec)) {
    note("task.edited", task.id(),
         fmt::format(
             "changed in the task file while it is under way; `{}` starts it with the new text",
             call_about("retry", task.id().value)));
  }
  // A text that was edited under way is taken by the next attempt, not by the one at work.
  task.plan = planned;
}

void Engine::drop(TaskRecord& task) {
  if (is_final(task.state) && task.state != TaskState::Unreachable) return;
  if (std::exchange(task.gone, true) && !not_begun(task)) return;
  touch(task);
  if (not_begun(task)) {
    enter(task, TaskState::Aborted, "no longer in the task file");
    note("task.aborted", task.id(), task.why);
    return;
  }
  note("task.edited", task.id(), "gone from the task file while it is under way");
}

void Engine::relate(const Plan& plan) {
  const Index index = index_of(state_.tasks);
  std::vector<std::vector<TaskId>> overlaps(state_.tasks.size());
  for (const Overlap& overlap : plan.overlaps) {
    overlaps[index.at(overlap.first.value)].push_back(overlap.second);
    overlaps[index.at(overlap.second.value)].push_back(overlap.first);
  }
  for (std::size_t i = 0; i < state_.tasks.size(); ++i) {
    TaskRecord& task = state_.tasks[i];
    std::vector<TaskId> needs;
    const auto add = [&](const TaskId& id) {
      const bool known = std::ranges::find(needs, id) != needs.end();
      if (index.contains(id.value) && !known) needs.push_back(id);
    };
    for (const TaskId& id : task.plan.spec.depends)
      add(id);
    for (const auto& [id, reason] : task.plan.implicit_depends)
      add(id);
    if (needs != task.needs || overlaps[i] != task.overlaps) touch(task);
    task.needs = std::move(needs);
    task.overlaps = std::move(overlaps[i]);
  }
}

void Engine::refresh_unreachable() {
  bool moved = true;
  while (moved) {
    moved = false;
    for (TaskRecord& task : state_.tasks) {
      if (!not_begun(task)) continue;
      const auto gone = std::ranges::find_if(task.needs, [this](const TaskId& id) {
        const TaskRecord* needed = state_.find(id);
        if (needed == nullptr || needed->state == TaskState::Merged) return false;
        return is_final(needed->state) || (!needed->wanted && not_begun(*needed));
      });
      if (gone != task.needs.end() && task.state == TaskState::Waiting) {
        const TaskRecord* needed = state_.find(*gone);
        enter(task, TaskState::Unreachable,
              fmt::format("needs {}, which is {}", gone->value,
                          needed->wanted ? to_text(needed->state) : why_unwanted(*needed)));
        note("task.unreachable", task.id(), task.why);
        moved = true;
      } else if (gone == task.needs.end() && task.state == TaskState::Unreachable) {
        enter(task, TaskState::Waiting);
        moved = true;
      }
    }
  }
}

}  // namespace orch
