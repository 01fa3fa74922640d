#pragma once
// What changed in a task file between two looks at it, and what a run's tasks become by that.
//
// A run follows edits, not texts: git may put quite another text there for a while (a switch, a
// stash), and what the user has not touched stays as the run knows it.
#include "orch/core/task.hpp"

#include <cstdint>
#include <vector>

namespace orch::tasks {

/// Which part of a change counts.
enum class Counts : std::uint8_t {
  Nothing,
  NewTasks,  ///< the text went back to an older one, or aside: nothing is ticked or taken out by it
  All,
};

/// `known` with what changed from `before` to `now`: tasks that are new in `now` join, changed ones
/// are taken as they are there, those that `before` had and `now` has not are left out. Tasks that
/// neither has stay. In the order of `now`, then of `known`.
std::vector<TaskSpec> with_edits(const std::vector<TaskSpec>& known,
                                 const std::vector<TaskSpec>& before,
                                 const std::vector<TaskSpec>& now, Counts counts);

/// Tasks that were done in `before` and are open in `now` because the user took their marks back.
/// That they did when nothing but marks differs, or when a mark that was set later is still there.
/// What lacks the newest marks and has other edits is an editor's older text, and takes back
/// nothing. `merged`: in the order in which they were ticked.
std::vector<TaskId> taken_back(const std::vector<TaskSpec>& before,
                               const std::vector<TaskSpec>& now, bool only_marks,
                               const std::vector<TaskId>& merged);

}  // namespace orch::tasks
