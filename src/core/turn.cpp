// One event being decided on.
#include "core/turn.hpp"

#include <fmt/format.h>

#include <utility>

namespace orch {

TaskRecord& Turn::edit(const TaskRecord& task) {
  return *edit(task.id());
}

TaskRecord* Turn::edit(const TaskId& id) {
  TaskRecord* task = state_.find(id);
  if (task != nullptr) decision_.changed.insert(id);
  return task;
}

void Turn::enter(TaskRecord& task, Step step, std::string why) {
  const std::optional<TaskState> next = next_state(task.state, step);
  if (!next) {
    return note("run.trouble", task.id(),
                fmt::format("cannot {} while it is {}, which is a mistake of tmux-orch's",
                            to_text(step), to_text(task.state)));
  }
  decision_.transitions.push_back({task.id(), task.state, step, *next});
  if (task.state != *next) task.changed_at = now_;
  task.state = *next;
  task.why = std::move(why);
  // A worker is kept until the work is done, also from one attempt to the next.
  const bool keeps_slot = *next == TaskState::Waiting || *next == TaskState::Preparing ||
                          *next == TaskState::Running || is_ending(*next);
  if (!keeps_slot) task.attempt.has_slot = false;
  const bool keeps_stuck = *next == TaskState::Blocked || is_ending(*next);
  if (!keeps_stuck) task.stuck = Stuck::No;
  if (!is_ending(*next)) task.ending = Ending::None;
}

void Turn::replace_tasks(TaskRecords tasks) {
  for (std::size_t place = 0; place < tasks.size(); ++place) {
    // A place in the list is part of the state: it decides among equals.
    const bool stays = place < state_.tasks.size() && state_.tasks[place].id() == tasks[place].id();
    if (!stays) decision_.changed.insert(tasks[place].id());
  }
  state_.tasks = std::move(tasks);
}

void Turn::add_entry(EffectId id, OutboxEntry entry) {
  state_.pending.emplace(id, std::move(entry));
}

OutboxEntry Turn::take_entry(EffectId id) {
  const auto found = state_.pending.find(id);
  OutboxEntry entry = std::move(found->second);
  state_.pending.erase(found);
  decision_.ended.push_back(id);
  return entry;
}

void Turn::note(std::string kind, const TaskId& task, std::string text) {
  decision_.facts.push_back(Fact{std::move(kind), task, std::move(text)});
}

}  // namespace orch
