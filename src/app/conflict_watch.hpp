#pragma once
// Which works that have not landed yet conflict with each other: looked at again when a branch has
// moved.
//
// Only of works that change the same files git is asked, so that most cost nothing; and where all
// change one file, of so many that it does not matter.
#include "app/run_context.hpp"
#include "git/repository.hpp"
#include "loop/job.hpp"
#include "orch/core/event.hpp"
#include "orch/core/state.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace orch::app {

class ConflictWatch {
 public:
  /// `post` takes what has changed for a task.
  /// `lands_anyhow`: conflicts in such files are none.
  ConflictWatch(git::Repository& git, const State& state, const RunContext& context,
                std::function<bool(const std::string&)> lands_anyhow,
                std::function<void(Event)> post);

  /// Called once a second: looks at the time of a small file for each task that is at work. Where
  /// refs are kept in another way, only what is done is seen.
  void look();

 private:
  struct Branch {
    std::int64_t stamp = 0;  ///< of the file of the ref, when it was read
    CommitId read;           ///< what it held
    CommitId start;
    CommitId tip;                    ///< as it was compared
    CommitId seen;                   ///< at the last look: a rebase passes through many
    std::vector<std::string> files;  ///< that its commits change, sorted
  };

  using Pair = std::pair<TaskId, TaskId>;  ///< the smaller one first

  static bool counts(const TaskRecord& task);
  CommitId tip_of(const TaskRecord& task, Branch& branch) const;
  std::vector<TaskId> moved();
  /// Is any task gone?
  bool forget_gone();
  loop::Job<Result<bool>> compare(std::vector<TaskId> tasks);
  loop::Job<Result<bool>> compare(TaskId task);
  void tell();

  git::Repository& git_;
  const State& state_;
  std::function<bool(const std::string&)> lands_anyhow_;
  std::function<void(Event)> post_;
  fs::path heads_;
  std::string task_file_;  ///< from the root; its marks are merged by rules of our own
  std::map<TaskId, Branch> branches_;
  std::map<Pair, std::vector<std::string>> conflicts_;
  bool looking_ = false;
};

}  // namespace orch::app
