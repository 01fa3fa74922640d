// peek: the last lines that a task's agent shows.
#include "cli/output.hpp"
#include "cli/printed.hpp"
#include "cli/run_handle.hpp"
#include "cli/verbs.hpp"
#include "orch/base/text.hpp"

#include <algorithm>

namespace orch::cli {
namespace {

struct Options : TaskOptions {
  int lines = 40;
};

void add_options(OptionList& list, Options& options) {
  add_task(list, options, "the task whose agent is looked at");
  list.number("-n,--lines", options.lines, "how many of the last lines; 40 if it is not said");
}

int peek(const RunHandle& handle, const Options& options) {
  const Result<TaskId> task = task_of(handle, options, kPeekVerb.name);
  if (!task) return complain(task.error());
  const int attempts = handle.run.state.find(*task)->attempts;
  if (attempts == 0)
    return complain({Fault::NotFound, "no agent has been at " + one_line(task->value, 80) + " yet",
                     "`tmux-orch status` says for what it waits"});
  const app::RunPaths files(handle.paths.run(handle.run.info.id));
  print(last_lines(files.attempt(*task, attempts), std::clamp(options.lines, 1, 1000)));
  return status::kOk;
}

}  // namespace

const Verb kPeekVerb{"peek", kPeople, "the last lines that a task's agent shows",
                     "tmux-orch peek T3 --lines 20", begin<add_options, peek>};

}  // namespace orch::cli
