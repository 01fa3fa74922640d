// diff: what a task has changed.
#include "cli/open_git.hpp"
#include "cli/output.hpp"
#include "cli/run_handle.hpp"
#include "cli/verbs.hpp"
#include "loop/detach.hpp"

#include <fmt/format.h>

namespace orch::cli {
namespace {

void add_options(OptionList& list, TaskOptions& options) {
  add_task(list, options, "the task");
}

int diff(const RunHandle& handle, const TaskOptions& options) {
  const Result<TaskId> task = task_of(handle, options, kDiffVerb.name);
  if (!task) return complain(task.error());
  const TaskRecord* record = handle.run.state.find(*task);
  const AgentRun& agent = handle.run.state.agent_of(*record);
  std::string range;
  fs::path worktree;
  if (!record->merged.empty()) {
    range = record->merged.value + "^1.." + record->merged.value;
  } else if (!agent.worktree.empty()) {
    // Against where it began: what is committed and what is not.
    worktree = agent.worktree;
    range = agent.start.value;
  } else {
    return complain(Error{Fault::NotFound, fmt::format("{} has changed nothing yet", task->value),
                          fmt::format("it is {}", shown_state(*record))});
  }
  const OpenedGit git = open_git(handle.facts);
  if (!git) return complain(git.error());
  std::vector<std::string> args = {range};
  const Result<loop::Command> diff =
      (*git)->wait((*git)->repository.diff_for_terminal(std::move(args), worktree));
  if (!diff) return complain(diff.error());
  const Result<int> ended = loop::run_on_terminal(*diff);
  if (!ended) return complain(ended.error());
  return *ended == 0 ? status::kOk : status::kError;
}

}  // namespace

const Verb kDiffVerb{"diff", kPeople, "what a task has changed", "tmux-orch diff T3",
                     begin<add_options, diff>};

}  // namespace orch::cli
