#pragma once
// One look at the task file: what lies on the disk, and what the base has of it.
//
// Git changes the files of a checkout, too, without anybody editing them: so a look also tells
// where the checkout stands, and is taken only when everything stood still for a moment.
#include "git/checkout.hpp"
#include "git/repository.hpp"
#include "loop/job.hpp"
#include "orch/base/result.hpp"
#include "orch/core/ids.hpp"
#include "tasks/source/source.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace orch::app {

namespace fs = std::filesystem;

struct TaskPlace {
  fs::path path;       ///< absolute: the file, or the folder with one task a file
  std::string branch;  ///< whose version counts while HEAD is elsewhere: the base
};

struct TaskSight {
  std::optional<tasks::Loaded> disk;    ///< nothing: it is away, or cannot be read
  std::optional<tasks::Loaded> stored;  ///< what the tip of the branch has; nothing: not in git
  CommitId commit;                      ///< that tip; empty: the file lies in no repository
  std::string branch;                   ///< that branch; in another repository its own, "": none
  bool home = true;      ///< its checkout is on that branch, and not in the middle of anything
  bool tracked = false;  ///< the index of the checkout has it, wherever HEAD is
  bool edited = false;   ///< the disk has something else than the branch
  bool by_git = false;   ///< it was not written since git did so
  bool forward = true;   ///< the branch stayed, or went forward, since the look before
};

/// Of the look before.
struct SeenBefore {
  CommitId commit;
  std::optional<std::string> branch;  ///< nothing: take the one that the file's checkout is on
};

/// `place.branch` is one of the repository `git`. A file in another repository (a submodule) has a
/// branch of its own: the one that it was on when the run began. Fault::Busy: something was being
/// written there for some seconds.
loop::Job<Result<TaskSight>> see_tasks(loop::Loop& loop, loop::Children& children,
                                       git::Repository& git, TaskPlace place,
                                       std::optional<SeenBefore> before);

/// What is to be read as the tasks: the disk while the checkout is on the branch, or where git does
/// not know the file; else what the branch has. Nothing: there is neither.
const tasks::Loaded* counting(const TaskSight& sight);

}  // namespace orch::app
