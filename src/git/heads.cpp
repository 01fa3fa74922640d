// Where HEAD of a task's worktree has been: for agents that left their branch, and for branches
// that somebody deleted under them. Read from git's own log of HEAD, which outlives the branch.
#include "git/heads.hpp"

#include "git/queries.hpp"
#include "git/refs.hpp"
#include "git/registration.hpp"
#include "git/task_branch.hpp"
#include "git/worktrees.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <ranges>

namespace orch::git {

namespace fs = std::filesystem;

// A line has about 150 bytes; the user looks at an attempt with more moves than this.
static constexpr std::size_t kLongestLog = 1u << 20;
static constexpr std::string_view kFreshAttempt = "tmux-orch: fresh attempt";
static constexpr std::string_view kBranches = "refs/heads/";

std::vector<HeadMove> head_moves(const Place& place) {
  const Result<std::string> text = read_file(place.git_dir / "logs/HEAD", kLongestLog);
  return text ? parse_head_log(*text) : std::vector<HeadMove>();
}

namespace {

Job<std::string> keep_left(GitContext& git, CommitId commit, std::string ref) {
  std::string name = ref;
  for (int number = 2;; ++number) {
    const auto held = co_await git::ref(git, name);
    if (!held) co_return passed_on(held);
    if (!*held) break;
    name = fmt::format("{}-{}", ref, number);
  }
  failpoint("git.keep_left");
  RefChange store;
  store.name = name;
  store.to = std::move(commit);
  store.from = CommitId{};
  store.doing = "keep commits under " + name;
  const auto stored = co_await change_ref(git, std::move(store));
  if (!stored) co_return passed_on(stored);
  co_return name;
}

/// Nothing where another rescue has the commit, which is named by itself.
Job<std::optional<LeftCommits>> holder_of(GitContext& git, CommitId commit, std::string ref) {
  Call ask = git.call({"for-each-ref", "--contains=" + commit.value, "--format=%(refname)",
                       "refs/heads/", "refs/orch/rescue/"},
                      "look for " + std::string(shortened(commit)));
  const auto text = co_await git.line(std::move(ask));
  if (!text) co_return passed_on(text);
  LeftCommits left{commit, {}, false};
  for (const std::string_view name : split_lines(*text)) {
    left.on_branch = name.starts_with(kBranches);
    left.name = std::string(left.on_branch ? name.substr(kBranches.size()) : name);
    // Kept by an earlier look of ours.
    const bool ours = left.name == ref || left.name.starts_with(ref + "-");
    if (!left.on_branch && !ours) co_return std::nullopt;
    co_return left;
  }
  auto kept = co_await keep_left(git, std::move(commit), std::move(ref));
  if (!kept) co_return passed_on(kept);
  left.name = std::move(*kept);
  co_return left;
}

}  // namespace

Job<bool> grown_here(GitContext& git, fs::path worktree, std::vector<CommitId> known) {
  const Result<Place> place = git.place_of(worktree);
  if (!place) co_return passed_on(place);
  const std::vector<HeadMove> moves = head_moves(*place);
  if (moves.empty()) co_return false;
  std::vector<CommitId> seen = known;
  for (const HeadMove& move : moves) {
    const bool back = std::ranges::find(seen, move.to) != seen.end();
    if (!back && move.message.starts_with("checkout:")) {
      const std::vector<CommitId> visited = {move.to};
      const auto within = co_await all_within(git, visited, known);
      if (!within) co_return passed_on(within);
      if (!*within) co_return false;
    }
    if (!back) seen.push_back(move.to);
  }
  co_return true;
}

Job<std::vector<LeftCommits>> left_commits(GitContext& git, fs::path worktree,
                                           std::vector<CommitId> known, std::string ref) {
  std::vector<LeftCommits> all;
  const Result<Place> place = git.place_of(worktree);
  if (!place) co_return all;  // it is gone, and its log with it
  std::vector<CommitId> tips;
  bool made = false;
  for (const HeadMove& move : head_moves(*place)) {
    if (move.message == kFreshAttempt) tips.clear();
    const bool leaves = left_by(move).has_value();
    const bool once = std::ranges::find(tips, move.from) == tips.end();
    if (leaves && made && once) tips.push_back(move.from);
    // An agent that replaced a commit by an amended or rebased one did so on purpose.
    made = !leaves && move.message != kFreshAttempt && (made || makes_commit(move));
  }
  for (const CommitId& tip : std::views::reverse(tips)) {
    const std::vector<CommitId> one = {tip};
    const auto within = co_await all_within(git, one, known);
    if (!within) co_return passed_on(within);
    if (*within) continue;
    auto left = co_await holder_of(git, tip, ref);
    if (!left) co_return passed_on(left);
    known.push_back(tip);
    if (*left) all.push_back(std::move(**left));
  }
  co_return all;
}

Job<CommitId> revive_branch(GitContext& git, fs::path worktree, std::string branch,
                            CommitId start) {
  const Result<Place> place = git.place_of(worktree);
  if (!place) co_return passed_on(place);
  co_return co_await revived(git, *place, std::move(branch), std::move(start));
}

Job<CommitId> revived(GitContext& git, Place place, std::string branch, CommitId start) {
  const auto tip = co_await branch_tip(git, branch);
  if (!tip) co_return passed_on(tip);
  if (*tip) co_return **tip;
  CommitId last = start;
  for (const HeadMove& move : head_moves(place)) {
    // The deletion itself may be logged, as a move to nothing.
    const auto found = co_await resolve(git, move.to.value);
    if (!found) co_return passed_on(found);
    if (!*found) continue;
    const auto grown = co_await is_ancestor(git, start, **found);
    if (!grown) co_return passed_on(grown);
    if (*grown) last = **found;
  }
  failpoint("git.branch_revive");
  const auto made = co_await ensure_branch(git, std::move(branch), last);
  if (!made) co_return passed_on(made);
  co_return last;
}

}  // namespace orch::git
