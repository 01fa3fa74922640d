// Tasks that are not merged, and what they wait for.
#include "ui/open_tasks.hpp"

#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"
#include "orch/core/waiting.hpp"
#include "ui/sentences.hpp"

#include <fmt/format.h>

namespace orch::ui {

std::vector<OpenTask> open_tasks(const State& state) {
  std::vector<OpenTask> open;
  const WaitingReasons reasons(state);
  for (const TaskRecord& task : state.tasks) {
    if (!task.counts() || task.state == TaskState::Merged) continue;
    OpenTask entry{.id = task.id(),
                   .state = std::string(shown_state(task)),
                   .why = sentence(reasons.shown(task), task.id()),
                   .how = {},
                   .worktree = {},
                   .branch = {},
                   .rescues = task.rescues};
    if (task.state == TaskState::Failed || task.state == TaskState::Aborted)
      entry.how = fmt::format("`{}` starts it again", call_about("retry", task.id().value));
    const AgentRun& agent = state.agent_of(task);
    if (!task.cleaned && !agent.worktree.empty()) {
      entry.worktree = agent.worktree;
      entry.branch = agent.branch;
    }
    open.push_back(std::move(entry));
  }
  return open;
}

std::string what_user_does(const TaskRecord& task) {
  const TaskSpec& spec = task.plan.spec;
  const std::string or_start =
      spec.human ? std::string()
                 : fmt::format(", or `{}` starts it", call_about("up --only", spec.id.value));
  return fmt::format("{}: {}; tick it in the file when it is done{}", one_line(spec.title, 80),
                     one_line(spec.withheld, 100), or_start);
}

}  // namespace orch::ui
