// What an agent is tried with.
#include "app/trial_task.hpp"

#include <fmt/format.h>

namespace orch::app {

const TaskId& trial_task() {
  static const TaskId kTask{"trial"};
  return kTask;
}

TaskSpec trial_spec(const std::string& kind) {
  TaskSpec task{.id = trial_task(), .title = "show that you can work here"};
  task.agent = kind;
  task.body = fmt::format(
      "This is a trial: nothing of it is kept. Make a file {} with the one line `it works`, and "
      "nothing else.",
      kTrialFile);
  task.script = fmt::format("echo 'it works' > {}\n", kTrialFile);
  return task;
}

}  // namespace orch::app
