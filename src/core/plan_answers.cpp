// Applies what the user said of doubts to the tasks of a file.
#include "orch/core/task.hpp"

#include <algorithm>

namespace orch {

void settle_doubts(std::vector<TaskSpec>& tasks, const std::vector<TaskId>& started,
                   const std::vector<TaskId>& skipped) {
  if (started.empty() && skipped.empty()) return;
  const auto names = [](const std::vector<TaskId>& ids, const TaskId& id) {
    return std::ranges::find(ids, id) != ids.end();
  };
  for (TaskSpec& task : tasks) {
    if (task.doubt.empty()) continue;
    if (names(started, task.id)) {
      task.done = false;  // by an earlier answer: a task that its file ticks is in no doubt
      task.withheld.clear();
      task.doubt.clear();
    } else if (names(skipped, task.id)) {
      task.done = true;
    }
  }
}

}  // namespace orch
