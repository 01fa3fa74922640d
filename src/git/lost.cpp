// Commits of which objects are gone: `git gc --prune=now` takes what no ref holds yet at the moment
// when it looks, and with it what is just being committed. The files are still in the worktree, so
// that the branch goes back to a commit that can be read, and they are saved on top of it.
#include "git/heads.hpp"
#include "git/parse.hpp"
#include "git/repository.hpp"
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

}  // namespace

Job<bool> Repository::has_all_objects(CommitId commit, std::vector<CommitId> known) {
  Call ask = git_.call({"rev-list", "--objects", "--quiet", commit.value, "--not"},
                       fmt::format("look at the objects of {}", shortened(commit)));
  for (const CommitId& other : known) {
    if (!other.empty()) ask.args.push_back(other.value);
  }
  ask.timeout = kLookTime;
  const auto answer = co_await git_.runner.run(ask);
  if (!answer) co_return passed_on(answer);
  if (answer->ok()) co_return true;
  if (!lacks_objects(answer->err)) co_return failed(ask, *answer);
  // It may be one of the known that is gone.
  const auto readable = co_await readable_of(known);
  if (!readable) co_return passed_on(readable);
  if (readable->size() == known.size()) co_return false;
  co_return co_await has_all_objects(commit, *readable);
}

Job<std::vector<CommitId>> Repository::readable_of(std::vector<CommitId> commits) {
  std::vector<CommitId> readable;
  for (const CommitId& commit : commits) {
    if (commit.empty()) continue;
    const auto there = co_await resolve(commit.value);
    if (!there) co_return passed_on(there);
    if (*there) readable.push_back(commit);
  }
  co_return readable;
}

/// The id that a ref names, whether or not there is such a commit.
Job<CommitId> Repository::named_by(Place place, std::string ref) {
  Call ask = git_.call({"rev-parse", "--verify", "--quiet", ref}, "read " + one_line(ref));
  ask.place = std::move(place);
  const auto found = co_await git_.runner.run(std::move(ask));
  if (!found) co_return passed_on(found);
  co_return found->ok() ? CommitId{std::string(trim(found->out))} : CommitId{};
}

/// The last commit that was made in the worktree and is all there, else the first of the known.
Job<CommitId> Repository::last_whole(fs::path worktree, std::vector<CommitId> lost,
                                     std::vector<CommitId> known) {
  const Result<Place> place = git_.place_of(worktree);
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
    const auto there = co_await resolve(move.to.value);
    if (!there) co_return passed_on(there);
    if (!*there) continue;
    const auto grown = co_await is_ancestor(known.front(), move.to);
    if (!grown) co_return passed_on(grown);
    if (!*grown) continue;
    const auto whole = co_await has_all_objects(move.to, known);
    if (!whole) co_return passed_on(whole);
    if (*whole) co_return move.to;
  }
  co_return known.front();
}

Job<std::optional<LostCommits>> Repository::lost_commits(fs::path worktree, std::string branch,
                                                         std::vector<CommitId> known) {
  const auto readable = co_await readable_of(std::move(known));
  if (!readable) co_return passed_on(readable);
  if (readable->empty()) co_return std::nullopt;
  const Result<Place> place = git_.place_of(worktree);
  LostCommits lost;
  CommitId head;
  if (place) {
    std::string name = "HEAD";
    auto found = co_await named_by(*place, std::move(name));
    if (!found) co_return passed_on(found);
    head = std::move(*found);
  }
  const Place shared{git_.git_dir, git_.root};
  std::string name = "refs/heads/" + branch;
  const auto tip = co_await named_by(shared, std::move(name));
  if (!tip) co_return passed_on(tip);
  std::vector<CommitId> tips = {head};
  if (*tip != head) tips.push_back(*tip);
  for (const CommitId& commit : tips) {
    if (commit.empty()) continue;
    const auto whole = co_await has_all_objects(commit, *readable);
    if (!whole) co_return passed_on(whole);
    if (!*whole) lost.commits.push_back(commit);
  }
  if (lost.commits.empty()) co_return std::nullopt;
  auto good = co_await last_whole(worktree, lost.commits, *readable);
  if (!good) co_return passed_on(good);
  lost.good = std::move(*good);
  if (place) {
    const std::vector<HeadMove> moves = head_moves(*place);
    lost.ours = contains(lost.commits, head) && !moves.empty() && moves.back().to == head &&
                moves.back().message.starts_with(kOurCommit);
  }
  co_return lost;
}

/// HEAD and the branch, where they name what is lost, go to the last commit that can be read. The
/// files stay; the index, which may name what is gone as well, becomes that commit's.
Job<bool> Repository::put_back(fs::path worktree, std::string branch, LostCommits lost) {
  failpoint("git.put_back");
  const Place shared{git_.git_dir, git_.root};
  const Result<Place> place = git_.place_of(worktree);
  std::vector<std::pair<Place, std::string>> refs;
  if (place) refs.emplace_back(*place, "HEAD");
  refs.emplace_back(shared, "refs/heads/" + branch);
  for (const auto& [at, ref] : refs) {
    const auto named = co_await named_by(at, ref);
    if (!named) co_return passed_on(named);
    if (!contains(lost.commits, *named)) continue;
    Call move =
        git_.call({"update-ref", "-m", "tmux-orch: put back", ref, lost.good.value, named->value},
                  "put back " + one_line(ref));
    move.place = at;
    move.owned = git_.own_locks(at);
    const auto moved = co_await git_.runner.output(std::move(move));
    if (!moved) co_return passed_on(moved);
  }
  std::error_code error;
  if (!place || !fs::is_directory(place->work_tree, error)) co_return true;
  Call refresh = git_.call({"reset", "--quiet", "--mixed"}, "update the index");
  refresh.owned = git_.own_locks(*place);
  refresh.place = *place;
  const auto refreshed = co_await git_.runner.output(std::move(refresh));
  if (!refreshed) co_return passed_on(refreshed);
  co_return true;
}

}  // namespace orch::git
