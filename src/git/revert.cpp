// Commits with the trees of the three, which live only for the merge: git goes by their ancestry.
#include "git/revert.hpp"

#include "git/objects.hpp"
#include "git/parse.hpp"
#include "git/queries.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace orch::git {
namespace {

Job<CommitId> copy_of(GitContext& git, CommitId commit, std::vector<CommitId> parents) {
  auto tree = co_await tree_of(git, std::move(commit));
  if (!tree) co_return passed_on(tree);
  const Identity nobody{"tmux-orch", "tmux-orch@localhost", true};
  co_return co_await commit_tree(git, std::move(*tree), std::move(parents), "a side\n", nobody);
}

}  // namespace

Job<Sides> revert_sides(GitContext& git, CommitId onto, CommitId commit) {
  const auto before = co_await before_landing(git, commit);
  if (!before) co_return passed_on(before);
  if (!*before) co_return fail(Fault::Corrupt, "{} has no parent", shortened(commit));
  std::vector<CommitId> none;
  const auto base = co_await copy_of(git, commit, std::move(none));
  if (!base) co_return passed_on(base);
  const std::vector<CommitId> parents = {*base};
  auto without = co_await copy_of(git, **before, parents);
  if (!without) co_return passed_on(without);
  auto tip = co_await copy_of(git, std::move(onto), parents);
  if (!tip) co_return passed_on(tip);
  co_return Sides{std::move(*tip), std::move(*without), parents};
}

}  // namespace orch::git
