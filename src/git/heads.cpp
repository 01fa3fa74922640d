// Where HEAD of a task's worktree has been: for agents that left their branch, and for branches
// that somebody deleted under them. Read from git's own log of HEAD, which a deleted branch leaves
// behind.
#include "git/heads.hpp"

#include "git/registration.hpp"
#include "git/repository.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <algorithm>

namespace orch::git {

namespace fs = std::filesystem;

// A line has about 150 bytes; an attempt with more moves than this is looked at by a person.
static constexpr std::size_t kLongestLog = 1u << 20;

std::vector<HeadMove> head_moves(const Place& place) {
  const Result<std::string> text = read_file(place.git_dir / "logs/HEAD", kLongestLog);
  return text ? parse_head_log(*text) : std::vector<HeadMove>();
}

Job<bool> Repository::grown_here(fs::path worktree, std::vector<CommitId> known) {
  const Result<Place> place = place_of(worktree);
  if (!place) co_return passed_on(place);
  const std::vector<HeadMove> moves = head_moves(*place);
  if (moves.empty()) co_return false;
  std::vector<CommitId> seen = known;
  for (const HeadMove& move : moves) {
    const bool back = std::ranges::find(seen, move.to) != seen.end();
    if (!back && move.message.starts_with("checkout:")) {
      const std::vector<CommitId> visited = {move.to};
      const auto within = co_await all_within(visited, known);
      if (!within) co_return passed_on(within);
      if (!*within) co_return false;
    }
    if (!back) seen.push_back(move.to);
  }
  co_return true;
}

Job<CommitId> Repository::revive_branch(fs::path worktree, std::string branch, CommitId start) {
  const Turns::Turn turn = co_await turns_.take();
  const Result<Place> place = place_of(worktree);
  if (!place) co_return passed_on(place);
  co_return co_await revived(*place, std::move(branch), std::move(start));
}

Job<CommitId> Repository::revived(Place place, std::string branch, CommitId start) {
  const auto tip = co_await branch_tip(branch);
  if (!tip) co_return passed_on(tip);
  if (*tip) co_return **tip;
  CommitId last = start;
  for (const HeadMove& move : head_moves(place)) {
    // The deletion itself may be logged, as a move to nothing.
    const auto found = co_await resolve(move.to.value);
    if (!found) co_return passed_on(found);
    if (!*found) continue;
    const auto grown = co_await is_ancestor(start, **found);
    if (!grown) co_return passed_on(grown);
    if (*grown) last = **found;
  }
  failpoint("git.branch.revive");
  const auto made = co_await create_branch(std::move(branch), last);
  if (!made) co_return passed_on(made);
  co_return last;
}

}  // namespace orch::git
