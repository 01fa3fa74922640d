// Git merges; the text says what came of it.
#include "app/take_in.hpp"

#include "agents/delegated_text.hpp"
#include "app/executor.hpp"
#include "app/merge_into.hpp"
#include "git/repository.hpp"
#include "ui/sentences.hpp"

#include <utility>

namespace orch::app {

namespace {

/// Is it built on what the worktree has? The attempt that has delegated it may be over, and its
/// work taken away.
loop::Job<Result<bool>> is_its_base(git::Repository& git, std::string worktree, CommitId base) {
  const Result<git::WorktreeStatus> here = co_await git.status_of(std::move(worktree));
  if (!here) co_return passed_on(here);
  co_return co_await git.is_ancestor(std::move(base), here->head);
}

}  // namespace

loop::Job<TakeIn::Ends> take_in(git::Repository& git, const State& state, const RunContext& context,
                                const TakeIn& effect) {
  DelegatedPlace told{.task = effect.of.value,
                      .commit = effect.work.value,
                      .is_done = effect.is_done,
                      .said = effect.said,
                      .why = ui::sentence(effect.why, effect.of)};
  if (effect.work.empty()) co_return WorkReturned{delegated_text(told)};
  const TaskRecord* task = state.find(effect.of);
  const CommitId begun = task == nullptr ? CommitId() : task->plan.spec.delegated_at;
  const Result<bool> is_based = co_await is_its_base(git, effect.worktree, begun);
  if (!is_based) co_return not_done(is_based.error());
  if (!*is_based) {
    told.begun_at = begun.value;
    co_return WorkReturned{delegated_text(told)};
  }
  WorktreePlace place{effect.task,     effect.attempt, effect.agent,
                      effect.worktree, effect.branch,  {}};
  const Result<git::BroughtBase> merged =
      co_await merge_into(git, context, std::move(place), effect.work, effect.of.value);
  if (!merged) co_return not_done(merged.error());
  told.is_merged = merged->how == git::BroughtBase::How::Merged;
  told.conflicts = merged->conflicts;
  told.why_not = merged->why;
  co_return WorkReturned{delegated_text(told)};
}

}  // namespace orch::app
