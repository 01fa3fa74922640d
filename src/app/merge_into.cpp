// What git needs to know for it.
#include "app/merge_into.hpp"

#include "app/task_place.hpp"
#include "git/repository.hpp"

#include <fmt/format.h>

#include <utility>

namespace orch::app {

loop::Job<Result<git::BroughtBase>> merge_into(git::Repository& git, const RunContext& context,
                                               WorktreePlace place, CommitId commit,
                                               std::string name) {
  const Result<git::Identity> identity = co_await git.identity();
  if (!identity) co_return passed_on(identity);
  git::BringRequest request;
  request.worktree = place.worktree;
  request.branch = place.branch;
  request.reason = reason_for(context, place.task);
  request.work = place.work;
  request.base = commit;
  request.message =
      fmt::format("Merge {} into {}\n\nOrch-Run: {}\n", name, place.branch, context.info.id);
  request.identity = *identity;
  request.rescue_ref = rescue_ref(context, place.task, place.attempt);
  request.trash =
      trash_for(context, place.task, place.attempt, fmt::format("a merge of {} was ended", name));
  co_return co_await git.bring_base(std::move(request));
}

}  // namespace orch::app
