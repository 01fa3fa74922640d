// Asks git, and reads the log of the tests.
#include "app/earlier_work.hpp"

#include "app/test_output.hpp"
#include "git/repository.hpp"

#include <utility>

namespace orch::app {

loop::Job<EarlierWork> earlier_work(git::Repository& git, const State& state,
                                    const StartAgent& effect) {
  EarlierWork work;
  const TaskRecord* task = state.find(effect.task);
  if (task == nullptr || effect.attempt < 2) co_return work;
  const CommitId start = state.agent_of(*task).start;
  work.last_note = task->last_note;
  if (is_of_check(effect.last_failure.kind)) work.output = last_lines(effect.last_failure.path);
  if (!task->rescues.empty()) work.rescue = task->rescues.back();
  const Result<git::WorktreeStatus> status = co_await git.status_of(effect.worktree);
  if (!status || !status->exists || status->head.empty() || start.empty()) co_return work;
  work.uncommitted = status->changes.count;
  Result<git::CommittedWork> committed = co_await git.committed_work(start, status->head);
  if (!committed) co_return work;
  work.commits = committed->commits;
  work.subjects = std::move(committed->subjects);
  work.files = committed->files;
  co_return work;
}

}  // namespace orch::app
