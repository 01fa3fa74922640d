#pragma once
// Where the marks of tasks are, and how they get there: with the commit that lands the work, or on
// the disk.
#include "app/world.hpp"
#include "git/values.hpp"
#include "loop/job.hpp"
#include "orch/core/ids.hpp"

#include <optional>

namespace orch::app {

/// What a landing does with the task file; nothing when it is not in the repository. An empty task
/// is the landing of the user's own commits. While the file is edited and not committed the landing
/// leaves it alone: then the mark goes to the disk.
loop::Job<std::optional<git::TaskFile>> landing_file(World& world, TaskId task);

/// The task files as a fast-forward of the user's checkout has to know them.
git::EditedFiles edited_files(const World& world);

}  // namespace orch::app
