// What states, verbs and kinds are called, and the small questions one asks of a state.
#include "orch/core/state.hpp"

#include <algorithm>

namespace orch {

TaskRecord* State::find(const TaskId& id) {
  const auto found = std::ranges::find(tasks, id, &TaskRecord::id);
  return found == tasks.end() ? nullptr : &*found;
}

const TaskRecord* State::find(const TaskId& id) const {
  const auto found = std::ranges::find(tasks, id, &TaskRecord::id);
  return found == tasks.end() ? nullptr : &*found;
}

std::string_view to_text(TaskState state) {
  switch (state) {
    case TaskState::Waiting: return "waiting";
    case TaskState::Preparing: return "preparing";
    case TaskState::Running: return "running";
    case TaskState::Checking: return "checking";
    case TaskState::Queued: return "queued";
    case TaskState::Landing: return "landing";
    case TaskState::Merged: return "merged";
    case TaskState::Blocked: return "blocked";
    case TaskState::Failed: return "failed";
    case TaskState::Unreachable: return "unreachable";
    case TaskState::Aborted: return "aborted";
  }
  return "";
}

std::string_view to_text(RunPhase phase) {
  switch (phase) {
    case RunPhase::TestingBase: return "testing-base";
    case RunPhase::Running: return "running";
    case RunPhase::Stopping: return "stopping";
    case RunPhase::Stopped: return "stopped";
    case RunPhase::BaseRed: return "base-red";
    case RunPhase::Finishing: return "finishing";
    case RunPhase::Finished: return "finished";
  }
  return "";
}

std::string_view to_text(Verb verb) {
  switch (verb) {
    case Verb::Abort: return "abort";
    case Verb::Retry: return "retry";
    case Verb::Merge: return "merge";
    case Verb::Hold: return "hold";
    case Verb::Release: return "release";
    case Verb::Down: return "down";
    case Verb::DownKeepAgents: return "down --keep-agents";
  }
  return "";
}

std::string_view to_text(ReportKind kind) {
  switch (kind) {
    case ReportKind::Done: return "done";
    case ReportKind::Blocked: return "blocked";
    case ReportKind::Progress: return "progress";
    case ReportKind::Notify: return "notify";
  }
  return "";
}

std::string_view to_text(ExitKind kind) {
  switch (kind) {
    case ExitKind::Code: return "code";
    case ExitKind::Signal: return "signal";
    case ExitKind::Stopped: return "stopped";
    case ExitKind::Hangup: return "hangup";
    case ExitKind::Lost: return "lost";
    case ExitKind::NotStarted: return "not-started";
  }
  return "";
}

bool is_final(TaskState state) {
  return state == TaskState::Merged || state == TaskState::Failed ||
         state == TaskState::Unreachable || state == TaskState::Aborted;
}

bool is_active(TaskState state) {
  return !is_final(state) && state != TaskState::Waiting && state != TaskState::Blocked;
}

std::string_view shown_state(const TaskRecord& task) {
  const bool still = task.state == TaskState::Waiting || task.state == TaskState::Queued;
  return task.held && still ? "held" : to_text(task.state);
}

int exit_status(const State& state) {
  constexpr int kMerged = 0;
  constexpr int kNotMerged = 3;
  constexpr int kPersonNeeded = 4;
  constexpr int kBaseRed = 5;
  constexpr int kInterrupted = 6;
  if (state.run.phase == RunPhase::BaseRed) return kBaseRed;
  if (state.run.phase != RunPhase::Finished) return kInterrupted;
  int status = state.run.behind_why.empty() ? kMerged : kNotMerged;
  for (const TaskRecord& task : state.tasks) {
    if (!task.wanted || task.state == TaskState::Merged) continue;
    const bool needs_person =
        task.state == TaskState::Blocked || (task.held && !is_final(task.state));
    if (needs_person) return kPersonNeeded;
    status = kNotMerged;
  }
  return status;
}

namespace {

template <class Variant>
std::string_view kind_name(const Variant& value) {
  return std::visit([](const auto& held) { return std::decay_t<decltype(held)>::kName; }, value);
}

template <class... Kinds>
std::vector<std::string_view> kind_names(const std::variant<Kinds...>*) {
  return {Kinds::kName...};
}

}  // namespace

std::string_view name_of(const Effect& effect) {
  return kind_name(effect);
}

std::string_view name_of(const Event& event) {
  return kind_name(event);
}

std::string_view name_of(const Outcome& outcome) {
  return kind_name(outcome);
}

std::vector<std::string_view> effect_names() {
  return kind_names(static_cast<Effect*>(nullptr));
}

const TaskId& task_of(const Effect& effect) {
  static const TaskId kNone;
  return std::visit(
      [](const auto& held) -> const TaskId& {
        if constexpr (requires { held.task; }) {
          return held.task;
        } else {
          return kNone;
        }
      },
      effect);
}

}  // namespace orch
