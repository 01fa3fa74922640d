#pragma once
// What the tasks of a run become by one look at their file. Pure.
//
// Only edits count. What git puts there (a switch, a stash, a reset) ticks nothing and takes
// nothing out; what is committed on the base counts as the base's when it goes forward.
#include "app/task_sight.hpp"
#include "orch/base/result.hpp"
#include "orch/core/config.hpp"
#include "orch/core/state.hpp"
#include "orch/core/task.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace orch::app {

/// What a look is compared with: what was read before. Kept in the run's folder.
struct LastRead {
  tasks::Loaded disk;    ///< the text that counted last while the checkout was on the base
  tasks::Loaded stored;  ///< what the base had
  CommitId commit;       ///< the base
  std::string branch;    ///< of the repository that the file lies in
  bool home = true;

  std::string encode() const;
  /// Fault::Corrupt: encode() did not write it.
  static Result<LastRead> decode(std::string_view text);
};

/// What there is to keep after the first look of a run.
LastRead first_read(const TaskSight& sight);
/// What a look is compared with when nothing was kept: all that is there is new.
LastRead nothing_read(const TaskSight& sight);

/// The tasks in a text; nothing if it cannot be read, which says nothing about any task.
using ReadTasks = std::function<std::optional<std::vector<TaskSpec>>(const tasks::Loaded&)>;
ReadTasks reader_of(std::string format, UnitRule unit);

struct TaskNews {
  std::vector<TaskSpec> tasks;
  LastRead last;  ///< for the next look, once these tasks were taken
};

/// `known`: the tasks as the run has them.
TaskNews news_of(const std::vector<TaskSpec>& known, const LastRead& last, const TaskSight& sight,
                 const ReadTasks& read);

/// The tasks of a run that are in its file, or were when that could be read.
std::vector<TaskSpec> known_tasks(const State& state);

}  // namespace orch::app
