// Commits what is in a worktree on its branch.
#include "git/commit.hpp"

#include "git/known_files.hpp"
#include "git/lost.hpp"
#include "git/objects.hpp"
#include "git/parse.hpp"
#include "git/queries.hpp"
#include "git/refs.hpp"
#include "git/registration.hpp"
#include "git/signing.hpp"
#include "git/snapshot.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/text.hpp"

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr Span kSignTime = std::chrono::seconds(60);
/// How often a commit is made anew when a pruning took a part of it.
constexpr int kMostTries = 3;

/// Sets the index to HEAD after HEAD moved, also where a killed run of commit_all() got no further
/// than that. What was staged by hand is told from it by its tree, and stays.
Job<bool> index_follows(GitContext& git, Place place, CommitId commit, std::string index_tree,
                        bool moved) {
  if (!moved) {
    const auto parent = co_await resolve(git, commit.value + "^");
    if (!parent) co_return passed_on(parent);
    if (!*parent) co_return false;
    const auto parent_tree = co_await tree_of(git, **parent);
    if (!parent_tree) co_return passed_on(parent_tree);
    const auto own_tree = co_await tree_of(git, commit);
    if (!own_tree) co_return passed_on(own_tree);
    if (*own_tree == index_tree || *parent_tree != index_tree) co_return false;
  }
  Call refresh = git.call({"reset", "--quiet", "--mixed"}, "update the index after a commit");
  refresh.owned = git.own_locks(place);
  refresh.place = place;
  const auto refreshed = co_await git.runner.output(std::move(refresh));
  if (!refreshed) co_return passed_on(refreshed);
  co_return true;
}

/// Fault::Io also: a pruning took a part of the commit, and HEAD is where it was.
Job<CommitId> commit_files(GitContext& git, CommitRequest request, Place place, CommitId head,
                           CommitId base) {
  const std::string doing = "commit in " + one_line(request.worktree.native());
  SnapshotRequest files;
  files.worktree = request.worktree;
  files.base = std::move(base);
  files.seen = request.seen;
  files.head = head;
  const auto saved = co_await snapshot(git, std::move(files));
  if (!saved) co_return passed_on(saved);
  const auto head_tree = co_await tree_of(git, head);
  if (!head_tree) co_return passed_on(head_tree);

  CommitId commit = head;
  if (saved->tree != *head_tree) {
    std::vector<CommitId> parents = {commit};
    auto made = co_await commit_tree(git, saved->tree, std::move(parents), request.message,
                                     request.identity);
    if (!made) co_return passed_on(made);
    if (request.is_signed) {
      auto text = co_await commit_text(git, *made);
      if (!text) co_return passed_on(text);
      made = co_await sign(git, std::move(*text), kSignTime);
      if (!made) co_return passed_on(made);
    }
    failpoint("git.commit_all");
    RefChange move;
    move.name = "HEAD";
    move.place = place;
    move.to = *made;
    move.from = head;
    move.message = "tmux-orch: commit";
    move.doing = doing;
    move.owned = git.own_locks(place);
    RefChange back = move;
    std::swap(back.to, *back.from);
    back.message = "tmux-orch: put back";
    const auto moved = co_await change_ref(git, std::move(move));
    if (!moved) co_return passed_on(moved);
    std::vector<CommitId> known = {head};
    const auto whole = co_await has_all_objects(git, *made, std::move(known));
    if (!whole) co_return passed_on(whole);
    if (!*whole) {
      const auto put = co_await change_ref(git, std::move(back));
      if (!put) co_return passed_on(put);
      co_return fail(Fault::Io, "cannot {}: a git that cleans up took objects of it", doing);
    }
    commit = *made;
  }
  const bool moved = commit != head;
  // It is what a reset of the index would make of it.
  if (moved && saved->index && saved->index->install(place.git_dir / "index")) co_return commit;
  const auto followed = co_await index_follows(git, place, commit, saved->index_tree, moved);
  if (!followed) co_return passed_on(followed);
  co_return commit;
}

}  // namespace

Job<CommitId> commit_all(GitContext& git, CommitRequest request) {
  const Result<Place> place = git.place_of(request.worktree);
  if (!place) co_return passed_on(place);
  const std::string shown = one_line(request.worktree.native());
  if (const Operation operation = operation_in(place->git_dir); operation != Operation::None)
    co_return fail(Fault::Refused, "{} is in the middle of {}", shown, to_text(operation));
  const auto head = co_await head_of(git, *place);
  if (!head) co_return passed_on(head);
  if (head->empty())
    co_return fail(Fault::Io, "cannot commit in {}: its HEAD names no commit", shown);
  const CommitId before = *head;
  CommitId base;
  for (int number = 1;; ++number) {
    auto commit = co_await commit_files(git, request, *place, before, base);
    const bool gone = !commit && commit.error().fault == Fault::Io;
    if (commit && request.seen) note_committed(git, *place, *request.seen, *commit);
    if (!gone || number == kMostTries) co_return commit;
    base = before;
  }
}

}  // namespace orch::git
