// What people ask for: abort, retry, merge, hold, release, down. Each is done or refused with a
// reason.
#include "orch/core/engine.hpp"

#include <fmt/format.h>

namespace orch {

void Engine::on(const PersonAsked& event) {
  if (event.verb == Verb::Down) return go_down(false);
  if (event.verb == Verb::DownKeepAgents) return go_down(true);
  if (event.task.value.empty()) {
    if (event.verb == Verb::Retry || event.verb == Verb::Merge) {
      out_.refused = fmt::format("which task is to be {}?",
                                 event.verb == Verb::Retry ? "tried again" : "merged");
      return;
    }
    bool any = false;  // some may be past it
    for (TaskRecord& task : state_.tasks) {
      if (is_final(task.state)) continue;
      out_.refused.clear();
      if (event.verb == Verb::Abort) abort_task(task);
      if (event.verb == Verb::Hold) hold_task(task);
      if (event.verb == Verb::Release) release_task(task);
      any = any || out_.refused.empty();
    }
    out_.refused =
        any ? std::string() : fmt::format("there is no task left to {}", to_text(event.verb));
    return;
  }
  TaskRecord* task = state_.find(event.task);
  if (task == nullptr) {
    out_.refused = fmt::format("there is no task {}", event.task.value);
    return;
  }
  switch (event.verb) {
    case Verb::Abort: return abort_task(*task);
    case Verb::Retry: return retry_task(*task);
    case Verb::Merge: return merge_task(*task);
    case Verb::Hold: return hold_task(*task);
    case Verb::Release: return release_task(*task);
    case Verb::Down:
    case Verb::DownKeepAgents: return;
  }
}

void Engine::abort_task(TaskRecord& task) {
  const std::string& id = task.id().value;
  if (task.state == TaskState::Merged) {
    out_.refused = task.merged.empty()
                       ? fmt::format("{} is {}: this run has nothing of it to take back", id,
                                     task.why.empty() ? "done already" : task.why)
                       : fmt::format("{} is merged already; `git revert -m 1 {}` takes it back", id,
                                     task.merged.value.substr(0, 12));
    return;
  }
  const auto doing = state_.pending.find(task.doing);
  if (doing != state_.pending.end() && std::holds_alternative<Land>(doing->second.effect)) {
    out_.refused = fmt::format("{} is being landed at this moment", id);
    return;
  }
  if (task.state == TaskState::Aborted || task.state == TaskState::Failed) {
    out_.refused = fmt::format("{} is {} already", id, to_text(task.state));
    return;
  }
  task.gone = false;
  end_attempt(task, Ending::Abort, "aborted by you");
}

void Engine::retry_task(TaskRecord& task) {
  const std::string& id = task.id().value;
  switch (task.state) {
    case TaskState::Merged: out_.refused = fmt::format("{} is merged already", id); return;
    case TaskState::Unreachable:
      out_.refused = fmt::format("{} {}: retry that one", id, task.why);
      return;
    case TaskState::Landing:
      out_.refused = fmt::format("{} is being landed: wait for the outcome", id);
      return;
    case TaskState::Waiting:
      task.not_before.reset();
      touch(task);
      return;
    case TaskState::Preparing:
    case TaskState::Running:
    case TaskState::Checking:
    case TaskState::Queued:
    case TaskState::Blocked:
    case TaskState::Failed:
    case TaskState::Aborted: break;
  }
  note("task.retried", task.id(), "started again by you");
  // Its agent is told what went wrong before.
  const bool had_trouble = task.state == TaskState::Failed || task.state == TaskState::Blocked;
  end_attempt(task, Ending::Retry, had_trouble ? task.why : "started again by you");
}

void Engine::merge_task(TaskRecord& task) {
  const std::string& id = task.id().value;
  switch (task.state) {
    case TaskState::Merged: out_.refused = fmt::format("{} is merged already", id); return;
    case TaskState::Queued:
      task.held = false;
      touch(task);
      return;
    case TaskState::Landing: out_.refused = fmt::format("{} is being landed already", id); return;
    case TaskState::Waiting:
    case TaskState::Unreachable:
    case TaskState::Preparing:
      out_.refused = fmt::format("{} has nothing to merge yet: it is {}", id, to_text(task.state));
      return;
    case TaskState::Running:
    case TaskState::Checking:
      out_.refused =
          fmt::format("{} is still {}: it lands when its agent is done", id, to_text(task.state));
      return;
    case TaskState::Blocked:
    case TaskState::Failed:
    case TaskState::Aborted: break;
  }
  if (task.attempt.worktree.empty() || task.doing != 0) {
    out_.refused = fmt::format("{} has no worktree with work in it", id);
    return;
  }
  task.reported = {};
  task.attempt.no_changes = true;  // a person says that it is right as it is
  task.held = false;
  note("task.merging", task.id(), "to be merged as it is, asked for by you");
  check_work(task, true);
  refresh_unreachable();
}

void Engine::hold_task(TaskRecord& task) {
  if (is_final(task.state)) {
    out_.refused = fmt::format("{} is {} already", task.id().value, to_text(task.state));
    return;
  }
  if (task.held) return;
  task.held = true;
  stop_clock(task);
  touch(task);
  note("task.held", task.id(), "held");
}

void Engine::release_task(TaskRecord& task) {
  if (task.held) {
    task.held = false;
    const bool at_work = task.state == TaskState::Running && task.attempt.alive;
    if (at_work && task.ending == Ending::None) start_clock(task);
    touch(task);
    note("task.released", task.id(), "released");
    return;
  }
  if (task.state != TaskState::Blocked) {
    out_.refused = fmt::format("{} is not held: it is {}", task.id().value, to_text(task.state));
    return;
  }
  note("task.released", task.id(), "released");
  if (!task.attempt.alive || task.doing != 0) {
    return end_attempt(task, Ending::Retry, "released by you");
  }
  // Its agent goes on at once; it counts as a worker again if there is one to be had.
  task.attempt.worker = free_worker(task);
  task.attempt.has_slot = task.attempt.worker != 0;
  start_clock(task);
  enter(task, TaskState::Running);
}

void Engine::go_down(bool keep_agents) {
  RunRecord& run = state_.run;
  const bool kept = run.phase == RunPhase::Stopped && run.keep_agents && !keep_agents;
  const bool under_way = run.phase == RunPhase::TestingBase || run.phase == RunPhase::Running ||
                         run.phase == RunPhase::Stopping;
  if (!under_way && !kept) {
    out_.refused = fmt::format("the run is {} already", to_text(run.phase));
    return;
  }
  run.phase = RunPhase::Stopping;
  run.keep_agents = keep_agents;
  note("run.stopping", {}, keep_agents ? "agents go on by themselves" : "agents are stopped");
  if (keep_agents) return;
  // What is done stays done; the agents that are idle are stopped as soon as nothing is in flight.
  for (TaskRecord& task : state_.tasks) {
    const bool at_work = task.state == TaskState::Preparing || task.state == TaskState::Running;
    if (at_work && task.ending == Ending::None) {
      end_attempt(task, Ending::Interrupt, "the run was stopped");
    }
  }
}

}  // namespace orch
