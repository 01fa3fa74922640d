// What can be asked for, and how.
#include "dashboard/request.hpp"

#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

namespace orch::dashboard {
namespace {

std::string is_over(const TaskRecord& task) {
  return fmt::format("{} is {} already", one_line(task.id().value, 24), shown_state(task));
}

std::string is_still(const TaskRecord& task) {
  return fmt::format("{} is {}", one_line(task.id().value, 24), shown_state(task));
}

std::string why_no_abort(const TaskRecord& task) {
  if (task.state == TaskState::Merged)
    return fmt::format("{}; `{}` takes it back", is_over(task),
                       call_about("undo", task.id().value));
  const bool over = task.state == TaskState::Aborted || task.state == TaskState::Failed;
  return over ? is_over(task) : std::string();
}

std::string why_no_merge(const State& state, const TaskRecord& task) {
  switch (task.state) {
    case TaskState::Merged: return is_over(task);
    case TaskState::Waiting:
    case TaskState::Unreachable:
    case TaskState::Preparing: return is_still(task) + ": there is nothing to merge yet";
    case TaskState::Running: {
      const AgentRun& agent = state.agent_of(task);
      const bool waits = agent_waits_for_user(state, task) || agent.control == Control::User;
      return waits ? std::string() : is_still(task) + ": its agent is at work";
    }
    case TaskState::Landing:
    case TaskState::PartLanded:
    case TaskState::Checking:
    case TaskState::Stopping:
    case TaskState::Saving: return is_still(task);
    case TaskState::Queued:
    case TaskState::Blocked:
    case TaskState::Failed:
    case TaskState::Aborted: return {};
  }
  return {};
}

std::string why_no_retry(const TaskRecord& task) {
  switch (task.state) {
    case TaskState::Merged: return is_over(task);
    case TaskState::Unreachable: return is_still(task) + ": retry the task that it needs";
    case TaskState::Landing:
    case TaskState::PartLanded: return is_still(task) + ": wait until it has landed";
    case TaskState::Waiting:
    case TaskState::Preparing:
    case TaskState::Running:
    case TaskState::Checking:
    case TaskState::Queued:
    case TaskState::Stopping:
    case TaskState::Saving:
    case TaskState::Blocked:
    case TaskState::Failed:
    case TaskState::Aborted: return {};
  }
  return {};
}

std::string why_no_release(const State& state, const TaskRecord& task) {
  const bool taken = state.agent_of(task).control == Control::User;
  const bool can =
      task.held || task.state == TaskState::Blocked || taken || !limit_reached(state, task).empty();
  return can ? std::string() : is_still(task) + " and not held";
}

bool takes_texts(const State& state, const AgentRun& agent) {
  const auto rules = state.run.rules.agents.find(agent.kind);
  return rules != state.run.rules.agents.end() && rules->second.seen;
}

std::string unless(bool can, const TaskRecord& task, std::string_view why) {
  return can ? std::string() : fmt::format("{} {}", one_line(task.id().value, 24), why);
}

}  // namespace

std::string why_not(const State& state, const TaskRecord& task, Ask ask) {
  const AgentRun& agent = state.agent_of(task);
  const bool lives = agent.phase == AgentPhase::Live;
  // The verb would take it for an option.
  if (task.id().value.starts_with('-')) return "an id that begins with - cannot be named";
  switch (ask) {
    case Ask::Abort: return why_no_abort(task);
    case Ask::Merge: return why_no_merge(state, task);
    case Ask::Retry: return why_no_retry(task);
    case Ask::Hold:
      if (is_final(task.state)) return is_over(task);
      return unless(!task.held, task, "is held already");
    case Ask::Release: return why_no_release(state, task);
    case Ask::Send:
      if (!lives) return unless(false, task, "has no agent that could be told anything");
      return unless(takes_texts(state, agent), task, "has an agent of a kind that takes no texts");
    case Ask::Yes:
    case Ask::No: {
      const bool asks = lives && agent.turn.activity == Activity::Asking;
      return unless(asks && !agent.turn.question.empty(), task,
                    "asks nothing that can be answered here");
    }
    case Ask::Go: return unless(!agent.window.empty() && !task.cleaned, task, "has no window");
    case Ask::Logs: return unless(task.attempts > 0, task, "has had no agent yet");
    case Ask::Diff:
      return unless(!task.merged.empty() || (!agent.worktree.empty() && !task.cleaned), task,
                    "has changed nothing yet");
  }
  return {};
}

std::vector<std::string> words_of(const Request& request) {
  const std::string& id = request.task.value;
  switch (request.ask) {
    case Ask::Abort: return {"abort", id};
    case Ask::Merge: return {"merge", id};
    case Ask::Retry: return {"retry", id};
    case Ask::Hold: return {"hold", id};
    case Ask::Release: return {"release", id};
    case Ask::Send: return {"send", id};
    case Ask::Yes: return {"approve", "--question", request.text, id};
    case Ask::No: return {"approve", "--deny", "--question", request.text, id};
    case Ask::Go: return {"attach", id};
    case Ask::Logs: return {"logs", "-n", "2000", id};
    case Ask::Diff: return {"diff", id};
  }
  return {};
}

}  // namespace orch::dashboard
