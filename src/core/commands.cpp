// What people ask for.
#include "core/commands.hpp"

#include "core/attempts.hpp"
#include "core/dispatch.hpp"
#include "core/endings.hpp"
#include "core/phases.hpp"
#include "core/roster.hpp"

#include <fmt/format.h>

#include <string>

namespace orch::commands {
namespace {

void abort(Turn& turn, TaskRecord& task) {
  const std::string& id = task.id().value;
  if (task.state == TaskState::Merged) {
    return turn.refuse(task.merged.empty()
                           ? fmt::format("{} is {}: this run has nothing of it to take back", id,
                                         task.why.empty() ? "done already" : task.why)
                           : fmt::format("{} is merged already; `git revert -m 1 {}` takes it back",
                                         id, task.merged.value.substr(0, 12)));
  }
  const OutboxEntry* landing = turn.state().pending.in(task.id(), Lane::Landing);
  if (landing != nullptr && std::holds_alternative<Land>(landing->effect))
    return turn.refuse(fmt::format("{} is being landed at this moment", id));
  if (task.state == TaskState::Aborted || task.state == TaskState::Failed)
    return turn.refuse(fmt::format("{} is {} already", id, to_text(task.state)));
  task.gone = false;
  endings::begin(turn, task, Ending::Abort, "aborted by you");
}

/// What the next attempt's agent is told about the one before.
std::string reason_to_retry(const TaskRecord& task) {
  const bool had_trouble = task.state == TaskState::Failed || task.state == TaskState::Blocked;
  if (is_ending(task.state)) return task.ending_why;
  return had_trouble ? task.why : "started again by you";
}

/// Merges what is there as it is, as a person says that it is right.
void merge_as_is(Turn& turn, TaskRecord& task) {
  const std::string& id = task.id().value;
  if (turn.agent_of(task).worktree.empty() || !turn.is_free(task, Lane::Worktree))
    return turn.refuse(fmt::format("{} has no worktree with work in it", id));
  task.reported = {};
  turn.edit_agent(task).no_changes = true;
  task.held = false;
  turn.note(FactKind::TaskMerging, task.id(), "to be merged as it is, asked for by you");
  attempts::check_work(turn, task, true);
  roster::refresh_unreachable(turn, task);
}

void merge(Turn& turn, TaskRecord& task) {
  const std::string& id = task.id().value;
  switch (task.state) {
    case TaskState::Merged: return turn.refuse(fmt::format("{} is merged already", id));
    case TaskState::Queued: task.held = false; return;
    case TaskState::Landing:
    case TaskState::PartLanded: return turn.refuse(fmt::format("{} is being landed already", id));
    case TaskState::Waiting:
    case TaskState::Unreachable:
    case TaskState::Preparing:
      return turn.refuse(
          fmt::format("{} has nothing to merge yet: it is {}", id, to_text(task.state)));
    case TaskState::Running:
    case TaskState::Checking:
      return turn.refuse(
          fmt::format("{} is still {}: it lands when its agent is done", id, to_text(task.state)));
    case TaskState::Stopping:
    case TaskState::Saving:
      return turn.refuse(fmt::format("{} is {}: ask again in a moment", id, to_text(task.state)));
    case TaskState::Blocked:
    case TaskState::Failed:
    case TaskState::Aborted: return merge_as_is(turn, task);
  }
}

void hold(Turn& turn, TaskRecord& task) {
  if (is_final(task.state))
    return turn.refuse(fmt::format("{} is {} already", task.id().value, to_text(task.state)));
  if (task.held) return;
  task.held = true;
  attempts::stop_clock(turn, task);
  turn.note(FactKind::TaskHeld, task.id(), "held");
}

void release(Turn& turn, TaskRecord& task) {
  if (task.held) {
    task.held = false;
    if (task.state == TaskState::Running && turn.agent_of(task).is_alive())
      attempts::start_clock(turn, task);
    return turn.note(FactKind::TaskReleased, task.id(), "released");
  }
  if (task.state != TaskState::Blocked) {
    return turn.refuse(
        fmt::format("{} is not held: it is {}", task.id().value, to_text(task.state)));
  }
  turn.note(FactKind::TaskReleased, task.id(), "released");
  if (!turn.agent_of(task).is_alive() || !turn.is_idle(task))
    return endings::begin(turn, task, Ending::Retry, "released by you");
  // Its agent goes on at once; it counts as a worker again if there is one to be had.
  task.worker = dispatch::free_worker(turn, task);
  attempts::start_clock(turn, task);
  turn.enter(task, Step::Resume);
}

void ask_of_one(Turn& turn, TaskRecord& task, Verb verb) {
  switch (verb) {
    case Verb::Abort: return abort(turn, task);
    case Verb::Retry: return retry(turn, task);
    case Verb::Merge: return merge(turn, task);
    case Verb::Hold: return hold(turn, task);
    case Verb::Release: return release(turn, task);
    case Verb::Down:
    case Verb::DownKeepAgents: return;
  }
}

void ask_of_all(Turn& turn, Verb verb) {
  if (verb == Verb::Retry || verb == Verb::Merge) {
    return turn.refuse(
        fmt::format("which task is to be {}?", verb == Verb::Retry ? "tried again" : "merged"));
  }
  bool any = false;  // some may be past it
  for (const TaskRecord& task : turn.state().tasks) {
    if (is_final(task.state)) continue;
    turn.refuse({});
    ask_of_one(turn, turn.edit(task), verb);
    any = any || turn.refused().empty();
  }
  turn.refuse(any ? std::string() : fmt::format("there is no task left to {}", to_text(verb)));
}

}  // namespace

void on(Turn& turn, const PersonAsked& event) {
  if (event.verb == Verb::Down) return phases::go_down(turn, false);
  if (event.verb == Verb::DownKeepAgents) return phases::go_down(turn, true);
  if (event.task.value.empty()) return ask_of_all(turn, event.verb);
  TaskRecord* task = turn.edit(event.task);
  if (task == nullptr) return turn.refuse(fmt::format("there is no task {}", event.task.value));
  ask_of_one(turn, *task, event.verb);
}

void retry(Turn& turn, TaskRecord& task) {
  const std::string& id = task.id().value;
  switch (task.state) {
    case TaskState::Merged: return turn.refuse(fmt::format("{} is merged already", id));
    case TaskState::Unreachable:
      return turn.refuse(fmt::format("{} {}: retry that one", id, task.why));
    case TaskState::Landing:
    case TaskState::PartLanded:
      return turn.refuse(fmt::format("{} is being landed: wait for the outcome", id));
    case TaskState::Waiting: task.not_before.reset(); return;
    case TaskState::Preparing:
    case TaskState::Running:
    case TaskState::Checking:
    case TaskState::Queued:
    case TaskState::Stopping:
    case TaskState::Saving:
    case TaskState::Blocked:
    case TaskState::Failed:
    case TaskState::Aborted: break;
  }
  turn.note(FactKind::TaskRetried, task.id(), "started again by you");
  endings::begin(turn, task, Ending::Retry, reason_to_retry(task));
}

}  // namespace orch::commands
