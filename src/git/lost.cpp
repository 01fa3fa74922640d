// Commits of which objects are gone: `git gc --prune=now` takes what no ref holds yet at the moment
// when it looks, and with it what is just being committed. The files are still in the worktree, so
// that the branch goes back to a commit that can be read, and they are saved on top of it.
#include "git/lost.hpp"

#include "git/git_errors.hpp"
#include "git/heads.hpp"
#include "git/loose_objects.hpp"
#include "git/parse.hpp"
#include "git/queries.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <ranges>
#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr Span kLookTime = std::chrono::minutes(5);
constexpr std::size_t kMostLooks = 50;
constexpr std::string_view kOurCommit = "tmux-orch: commit";

bool contains(const std::vector<CommitId>& commits, const CommitId& commit) {
  return std::ranges::find(commits, commit) != commits.end();
}

Job<std::vector<CommitId>> readable_of(GitContext& git, std::vector<CommitId> commits) {
  std::vector<CommitId> readable;
  for (const CommitId& commit : commits) {
    if (commit.empty()) continue;
    const auto there = co_await resolve(git, commit.value);
    if (!there) co_return passed_on(there);
    if (*there) readable.push_back(commit);
  }
  co_return readable;
}

/// The last commit that was made in the worktree and is all there, else the first of the known.
Job<CommitId> last_whole(GitContext& git, fs::path worktree, std::vector<CommitId> lost,
                         std::vector<CommitId> known) {
  const Result<Place> place = git.place_of(worktree);
  std::vector<HeadMove> moves;
  if (place) moves = head_moves(*place);
  std::vector<CommitId> seen = std::move(lost);
  seen.insert(seen.end(), known.begin(), known.end());
  std::size_t looks = 0;
  for (const HeadMove& move : std::views::reverse(moves)) {
    // What was only checked out is no work of this worktree's.
    if (move.message.starts_with("checkout:") || contains(seen, move.to)) continue;
    if (++looks > kMostLooks) break;
    seen.push_back(move.to);
    const auto there = co_await resolve(git, move.to.value);
    if (!there) co_return passed_on(there);
    if (!*there) continue;
    const auto grown = co_await is_ancestor(git, known.front(), move.to);
    if (!grown) co_return passed_on(grown);
    if (!*grown) continue;
    const auto whole = co_await has_all_objects(git, move.to, known);
    if (!whole) co_return passed_on(whole);
    if (*whole) co_return move.to;
  }
  co_return known.front();
}

}  // namespace

Job<bool> has_all_objects(GitContext& git, CommitId commit, std::vector<CommitId> known) {
  const auto loose = co_await adds_only_loose(git, commit, known);
  if (loose && *loose) co_return true;
  Call ask = git.call({"rev-list", "--objects", "--quiet", commit.value, "--not"},
                      fmt::format("look at the objects of {}", shortened(commit)));
  for (const CommitId& other : known) {
    if (!other.empty()) ask.args.push_back(other.value);
  }
  ask.timeout = kLookTime;
  const auto answer = co_await git.runner.run(ask);
  if (!answer) co_return passed_on(answer);
  if (answer->ok()) co_return true;
  if (!lacks_objects(answer->err)) co_return failed(ask, *answer);
  // It may be one of the known that is gone.
  const auto readable = co_await readable_of(git, known);
  if (!readable) co_return passed_on(readable);
  if (readable->size() == known.size()) co_return false;
  co_return co_await has_all_objects(git, commit, *readable);
}

Job<CommitId> named_by(GitContext& git, Place place, std::string ref) {
  Call ask = git.call({"rev-parse", "--verify", "--quiet", ref}, "read " + one_line(ref));
  ask.place = std::move(place);
  const auto found = co_await git.runner.run(std::move(ask));
  if (!found) co_return passed_on(found);
  co_return found->ok() ? CommitId{std::string(trim(found->out))} : CommitId{};
}

Job<std::optional<LostCommits>> lost_commits(GitContext& git, fs::path worktree, std::string branch,
                                             std::vector<CommitId> known) {
  const auto readable = co_await readable_of(git, std::move(known));
  if (!readable) co_return passed_on(readable);
  if (readable->empty()) co_return std::nullopt;
  const Result<Place> place = git.place_of(worktree);
  LostCommits lost;
  CommitId head;
  if (place) {
    std::string name = "HEAD";
    auto found = co_await named_by(git, *place, std::move(name));
    if (!found) co_return passed_on(found);
    head = std::move(*found);
  }
  const Place shared{git.git_dir, git.root};
  std::string name = "refs/heads/" + branch;
  const auto tip = co_await named_by(git, shared, std::move(name));
  if (!tip) co_return passed_on(tip);
  std::vector<CommitId> tips = {head};
  if (*tip != head) tips.push_back(*tip);
  for (const CommitId& commit : tips) {
    if (commit.empty()) continue;
    const auto whole = co_await has_all_objects(git, commit, *readable);
    if (!whole) co_return passed_on(whole);
    if (!*whole) lost.commits.push_back(commit);
  }
  if (lost.commits.empty()) co_return std::nullopt;
  auto good = co_await last_whole(git, worktree, lost.commits, *readable);
  if (!good) co_return passed_on(good);
  lost.good = std::move(*good);
  if (place) {
    const std::vector<HeadMove> moves = head_moves(*place);
    lost.ours = contains(lost.commits, head) && !moves.empty() && moves.back().to == head &&
                moves.back().message.starts_with(kOurCommit);
  }
  co_return lost;
}

Job<bool> put_back(GitContext& git, fs::path worktree, std::string branch, LostCommits lost) {
  failpoint("git.put_back");
  const Place shared{git.git_dir, git.root};
  const Result<Place> place = git.place_of(worktree);
  std::vector<std::pair<Place, std::string>> refs;
  if (place) refs.emplace_back(*place, "HEAD");
  refs.emplace_back(shared, "refs/heads/" + branch);
  for (const auto& [at, ref] : refs) {
    const auto named = co_await named_by(git, at, ref);
    if (!named) co_return passed_on(named);
    if (!contains(lost.commits, *named)) continue;
    Call move =
        git.call({"update-ref", "-m", "tmux-orch: put back", ref, lost.good.value, named->value},
                 "put back " + one_line(ref));
    move.place = at;
    move.owned = git.own_locks(at);
    const auto moved = co_await git.runner.output(std::move(move));
    if (!moved) co_return passed_on(moved);
  }
  std::error_code error;
  if (!place || !fs::is_directory(place->work_tree, error)) co_return true;
  Call refresh = git.call({"reset", "--quiet", "--mixed"}, "update the index");
  refresh.owned = git.own_locks(*place);
  refresh.place = *place;
  const auto refreshed = co_await git.runner.output(std::move(refresh));
  if (!refreshed) co_return passed_on(refreshed);
  co_return true;
}

}  // namespace orch::git
