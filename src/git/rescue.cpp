// Saves under a ref what of a worktree is neither committed nor known to be safe: as commits, and
// with no hook.
#include "git/rescue.hpp"

#include "git/known_files.hpp"
#include "git/lost.hpp"
#include "git/objects.hpp"
#include "git/queries.hpp"
#include "git/refs.hpp"
#include "git/registration.hpp"
#include "git/snapshot.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr int kMostRescues = 1000;
/// How often a commit is made anew when a pruning took a part of it.
constexpr int kMostTries = 3;

Identity our_identity() {
  return Identity{"tmux-orch", "tmux-orch@localhost", true};
}

Failure pruned(const fs::path& worktree) {
  return fail(Fault::Busy, "a git that cleans up takes what is saved of {} away",
              one_line(worktree.native()));
}

std::vector<CommitId> commits_in(std::string_view text) {
  std::vector<CommitId> commits;
  for (const std::string_view id : split_lines(text))
    commits.push_back(CommitId{std::string(id)});
  return commits;
}

/// Adds a parent that holds what was staged, where that is neither in HEAD nor in the files.
Job<std::vector<CommitId>> with_staged(GitContext& git, std::vector<CommitId> parents,
                                       Snapshot saved) {
  if (saved.index_tree.empty() || saved.index_tree == saved.tree || parents.empty())
    co_return parents;
  const auto head_tree = co_await tree_of(git, parents.front());
  if (!head_tree) co_return passed_on(head_tree);
  if (*head_tree == saved.index_tree) co_return parents;
  Call make = git.call(
      {"commit-tree", "-m", "what was staged", "-p", parents.front().value, saved.index_tree},
      "save what was staged");
  // The same content gives the same commit, so that a repeated rescue is recognised.
  const Identity ours = our_identity();
  make.env = {{"GIT_AUTHOR_NAME", ours.name},    {"GIT_AUTHOR_EMAIL", ours.email},
              {"GIT_COMMITTER_NAME", ours.name}, {"GIT_COMMITTER_EMAIL", ours.email},
              {"GIT_AUTHOR_DATE", "@0 +0000"},   {"GIT_COMMITTER_DATE", "@0 +0000"}};
  auto commit = co_await git.line(std::move(make));
  if (!commit) co_return passed_on(commit);
  parents.push_back(CommitId{std::move(*commit)});
  co_return parents;
}

/// Is an earlier rescue the one that would be made now?
Job<bool> holds_same(GitContext& git, CommitId held, Rescue rescue, std::vector<CommitId> parents,
                     std::string tree) {
  if (!rescue.commit.empty()) co_return held == rescue.commit;
  const auto there = co_await resolve(git, held.value);
  if (!there) co_return passed_on(there);
  if (!*there) co_return false;
  const auto held_tree = co_await tree_of(git, held);
  if (!held_tree) co_return passed_on(held_tree);
  if (*held_tree != tree) co_return false;
  Call ask = git.call({"rev-parse", held.value + "^@"}, "read an earlier rescue");
  const auto held_parents = co_await git.line(std::move(ask));
  if (!held_parents) co_return passed_on(held_parents);
  co_return commits_in(*held_parents) == parents;
}

/// Decides whether a commit and a ref are needed, and makes them.
Job<Rescue> keep_rescue(GitContext& git, RescueRequest request, Rescue rescue,
                        std::vector<CommitId> parents, std::string tree) {
  std::string head_tree;
  if (!parents.empty()) {
    auto found = co_await tree_of(git, parents.front());
    if (!found) co_return passed_on(found);
    head_tree = std::move(*found);
  }
  const bool uncommitted = !tree.empty() && tree != head_tree;
  if (tree.empty()) tree = head_tree;
  if (!uncommitted) {
    const auto safe = co_await all_within(git, parents, request.known);
    if (!safe) co_return passed_on(safe);
    if (*safe) co_return rescue;
  }
  rescue.what =
      uncommitted || parents.size() > 1 ? Rescue::What::Uncommitted : Rescue::What::Commits;
  if (rescue.what == Rescue::What::Commits) rescue.commit = parents.front();

  for (int number = 1; number < kMostRescues; ++number) {
    rescue.ref = number == 1 ? request.ref : fmt::format("{}-{}", request.ref, number);
    const Place shared{git.git_dir, git.root};
    const auto held = co_await named_by(git, shared, rescue.ref);
    if (!held) co_return passed_on(held);
    if (held->empty()) break;
    const auto same = co_await holds_same(git, *held, rescue, parents, tree);
    if (!same) co_return passed_on(same);
    if (!*same) continue;
    rescue.commit = *held;
    co_return rescue;
  }
  if (rescue.commit.empty()) {
    const std::string message =
        fmt::format("Work in progress of {}, saved by tmux-orch\n", request.branch);
    auto made = co_await commit_tree(git, tree, parents, message, our_identity());
    if (!made) co_return passed_on(made);
    rescue.commit = std::move(*made);
  }
  failpoint("git.rescue");
  RefChange store;
  store.name = rescue.ref;
  store.to = rescue.commit;
  store.from = CommitId{};
  store.doing = "keep the rescued work under " + rescue.ref;
  const auto stored = co_await change_ref(git, std::move(store));
  if (!stored) co_return passed_on(stored);
  co_return rescue;
}

/// `again`: the index is not to be trusted, all is stored anew. HEAD or the branch, where they are
/// among the lost, count as the last commit before those.
Job<Rescue> rescue_onto(GitContext& git, RescueRequest request, bool again,
                        std::optional<LostCommits> lost) {
  const auto is_lost = [&lost](const CommitId& commit) {
    return lost && std::ranges::find(lost->commits, commit) != lost->commits.end();
  };
  Rescue rescue;
  CommitId head;
  Snapshot saved;
  const auto tip = co_await branch_tip(git, request.branch);
  if (!tip) co_return passed_on(tip);
  const Result<Place> place = git.place_of(request.worktree);
  if (place) {
    auto found = co_await head_of(git, *place);
    if (!found) co_return passed_on(found);
    head = std::move(*found);
    if (is_lost(head)) head = lost->good;
    std::error_code error;
    // What is in a worktree that was on its way to be removed is saved.
    const bool removing = has_mark(place->git_dir, StepMark::Removing);
    if (!removing && fs::is_directory(place->work_tree, error)) {
      SnapshotRequest files;
      files.worktree = place->work_tree;
      files.head = head;
      if (again) files.base = head;
      // Where objects are gone, git cannot say what is there.
      rescue.seen = known_files(git, *place, head);
      if (!rescue.seen) {
        const auto seen = co_await look_at(git, place->work_tree);
        if (seen) rescue.seen = seen->files;
      }
      files.seen = rescue.seen;
      auto snapped = co_await snapshot(git, std::move(files));
      if (!snapped) co_return passed_on(snapped);
      saved = std::move(*snapped);
      rescue.nested = saved.nested;
    }
  }
  // In a rebase, or on a branch of its own making, an agent's HEAD is not the tip of its branch.
  std::vector<CommitId> parents;
  if (!head.empty()) parents.push_back(head);
  if (*tip && **tip != head && !is_lost(**tip)) {
    const std::vector<CommitId> tips = {**tip};
    const auto within = co_await all_within(git, tips, parents);
    if (!within) co_return passed_on(within);
    if (!*within) parents.push_back(**tip);
  }
  auto with_index = co_await with_staged(git, std::move(parents), saved);
  if (!with_index) co_return passed_on(with_index);
  co_return co_await keep_rescue(git, std::move(request), std::move(rescue), std::move(*with_index),
                                 std::move(saved.tree));
}

}  // namespace

Job<Rescue> rescue(GitContext& git, RescueRequest request) {
  std::optional<LostCommits> lost;
  for (int number = 1;; ++number) {
    const bool again = number > 1;
    auto saved = co_await rescue_onto(git, request, again, lost);
    if (!saved && (saved.error().fault != Fault::Io || number == kMostTries)) co_return saved;
    if (saved) {
      bool whole = true;
      if (!saved->commit.empty()) {
        const auto found = co_await has_all_objects(git, saved->commit, request.known);
        if (!found) co_return passed_on(found);
        whole = *found;
      }
      if (whole && lost) {
        const auto back = co_await put_back(git, request.worktree, request.branch, *lost);
        if (!back) co_return passed_on(back);
        saved->lost = std::move(lost);
      }
      if (whole) co_return saved;
      RefChange drop;
      drop.name = saved->ref;
      drop.from = saved->commit;
      drop.doing = "take back " + saved->ref;
      drop.owned = {git.git_dir / "packed-refs.lock"};
      const auto dropped = co_await change_ref(git, std::move(drop));
      if (!dropped) co_return passed_on(dropped);
    }
    if (number == kMostTries) co_return pruned(request.worktree);
    auto found = co_await lost_commits(git, request.worktree, request.branch, request.known);
    if (!found) co_return passed_on(found);
    lost = std::move(*found);
  }
}

}  // namespace orch::git
