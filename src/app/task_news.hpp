#pragma once
// What the tasks of a run become by one look at their file. Pure.
//
// Only edits count. What git puts there (a switch, a stash, a reset) ticks nothing and takes
// nothing out; what is committed on the base counts as the base's when it goes forward.
#include "app/task_sight.hpp"
#include "orch/base/result.hpp"
#include "orch/config/config.hpp"
#include "orch/core/state.hpp"
#include "orch/core/task.hpp"

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
struct ReadTasks {
  std::string format;
  UnitRule unit = UnitRule::Auto;
  OrderRule order = OrderRule::Strict;

  std::optional<std::vector<TaskSpec>> operator()(const tasks::Loaded& loaded) const;
  /// Do the two texts differ in marks alone?
  bool same_but_marks(const tasks::Loaded& first, const tasks::Loaded& second) const;
};

struct TaskNews {
  std::vector<TaskSpec> tasks;
  std::vector<TaskId> unticked;  ///< merged ones whose mark the user took back
  std::vector<TaskId> open;      ///< those that the text which counts has, and not ticked
  LastRead last;                 ///< for the next look, once these tasks were taken
};

/// The tasks as the run has them.
struct KnownTasks {
  std::vector<TaskSpec> tasks;
  std::vector<TaskId> merged;  ///< those that landed, in that order

  bool operator==(const KnownTasks&) const = default;
};

TaskNews news_of(const KnownTasks& known, const LastRead& last, const TaskSight& sight,
                 const ReadTasks& read);

/// The tasks of a run that are in its file, or were when that could be read.
KnownTasks known_tasks(const State& state);

}  // namespace orch::app
