// Has the user committed on the base?
#include "app/upstream_tip.hpp"

#include "git/repository.hpp"

namespace orch::app {

loop::Job<std::optional<CommitId>> upstream_tip(git::Repository& git, const State& state) {
  const Result<std::optional<CommitId>> tip = co_await git.branch_tip(state.run.rules.base);
  if (!tip || !*tip) co_return std::nullopt;
  const CommitId base = **tip;
  if (base == state.run.followed || base == state.run.base_refused) {
    co_return std::nullopt;
  }
  const Result<bool> contained = co_await git.is_ancestor(base, state.run.integration);
  if (!contained || *contained) co_return std::nullopt;
  co_return base;
}

}  // namespace orch::app
