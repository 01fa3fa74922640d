// attach: a look at the run, or at one task's agent.
#include "cli/attach.hpp"
#include "cli/output.hpp"
#include "cli/run_handle.hpp"
#include "cli/verbs.hpp"

namespace orch::cli {
namespace {

void add_options(OptionList& list, TaskOptions& options) {
  add_task(list, options, "the task whose window to go to");
}

int attach(const RunHandle& handle, const TaskOptions& options) {
  std::optional<TaskId> task;
  if (!options.words.empty() || !options.window.empty()) {
    const Result<TaskId> named = task_of(handle, options, kAttachVerb.name);
    if (!named) return complain(named.error());
    task = *named;
  }
  const Result<int> shown = show_session(handle, task);
  if (!shown) return complain(shown.error());
  return *shown == 0 ? status::kOk : status::kError;
}

}  // namespace

const Verb kAttachVerb{"attach", kPeople, "look at the run, or at one task's agent",
                       "tmux-orch attach T3", begin<add_options, attach>};

}  // namespace orch::cli
