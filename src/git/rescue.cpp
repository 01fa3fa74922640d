// Saves what is in a worktree as commits, by way of a temporary index: nobody's staging area, no
// `git stash` (it is shared by all worktrees), no hook.
#include "git/lost.hpp"
#include "git/objects.hpp"
#include "git/parse.hpp"
#include "git/queries.hpp"
#include "git/readable.hpp"
#include "git/registration.hpp"
#include "git/repository.hpp"
#include "git/scratch_index.hpp"
#include "git/set_up.hpp"
#include "git/signing.hpp"
#include "git/untouched.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr Span kAddTime = std::chrono::minutes(10);
constexpr Span kSignTime = std::chrono::seconds(60);
constexpr int kMostRescues = 1000;
/// How often a commit is made anew when a pruning took a part of it.
constexpr int kMostTries = 3;

Identity our_identity() {
  return Identity{"tmux-orch", "tmux-orch@localhost", true};
}

bool is_below(std::string_view path, std::string_view folder) {
  while (folder.ends_with('/'))
    folder.remove_suffix(1);
  if (folder.empty() || !path.starts_with(folder)) return false;
  return path.size() == folder.size() || path[folder.size()] == '/';
}

/// What of the files that git lists as changed goes into the tree: not caches, and not
/// repositories of their own, which git lists as folders. `git add` could leave these out, but
/// fails where one of them is ignored as well.
std::vector<std::string> paths_to_add(std::string_view listed, const std::vector<std::string>& keep,
                                      const std::set<std::string>& brought) {
  std::vector<std::string> paths = parse_names(listed);
  std::erase_if(paths, [&](const std::string& path) {
    const auto holds = [&path](const std::string& folder) { return is_below(path, folder); };
    return path.ends_with('/') || brought.contains(path) ||
           std::any_of(keep.begin(), keep.end(), holds);
  });
  // A file that became a folder: git forgets it only before it takes what is in the folder.
  std::ranges::sort(paths);
  return paths;
}

/// Git lists a repository of its own as a folder, with a slash, and a folder of files never.
std::vector<std::string> repositories_in(std::string_view listed) {
  std::vector<std::string> repositories;
  for (std::string& path : parse_names(listed)) {
    if (!path.ends_with('/')) continue;
    path.pop_back();
    repositories.push_back(std::move(path));
  }
  std::ranges::sort(repositories);
  return repositories;
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

}  // namespace

/// `base`: the worktree's index may name objects that are gone, and all is stored anew beyond that
/// commit.
Job<Repository::Snapshot> Repository::snapshot(fs::path worktree, std::vector<std::string> keep,
                                               CommitId base) {
  const Result<Place> place = git_.place_of(worktree);
  if (!place) co_return passed_on(place);
  const std::string doing = "save the files of " + one_line(worktree.native());
  Snapshot saved;
  ScratchIndex scratch(git_.git_dir);
  const Status copied = scratch.copy_from(place->git_dir / "index");
  if (!copied) co_return passed_on(copied);
  // Marks on files that git shall not look at ("assume unchanged", "skip worktree") do not count
  // here: the one goes by a refresh of all, the other, where there is a file, by the setting.
  Call list = git_.call({"-c", "core.sparseCheckout=true", "ls-files", "-z", "--modified",
                         "--deleted", "--others", "--exclude-standard"},
                        doing);
  list.place = *place;
  list.env = {scratch.env()};
  list.timeout = kAddTime;
  Call refresh = list;
  refresh.args = {"-c", "core.sparseCheckout=true", "update-index", "-q", "--really-refresh"};
  Call add = list;
  add.args = {
      "-c",     "core.sparseCheckout=true", "update-index", "-z", "--add", "--remove", "--replace",
      "--stdin"};
  Call write = list;
  write.args = {"write-tree"};

  // Fails in the middle of a conflict, where there is no tree that was staged.
  Call write_index = write;
  const auto index_tree = co_await git_.runner.run(std::move(write_index));
  if (!index_tree) co_return passed_on(index_tree);
  if (index_tree->ok()) saved.index_tree = std::string(trim(index_tree->out));
  if (!base.empty()) {
    Call read = write;
    read.args = {"read-tree", base.value};
    const auto was_read = co_await git_.runner.output(std::move(read));
    if (!was_read) co_return passed_on(was_read);
  }

  // Its status says whether anything is different, which is asked next.
  const auto refreshed = co_await git_.runner.run(std::move(refresh));
  if (!refreshed) co_return passed_on(refreshed);
  const auto listed = co_await git_.runner.output(std::move(list));
  if (!listed) co_return passed_on(listed);
  saved.nested = repositories_in(*listed);
  const std::vector<std::string> paths =
      paths_to_add(*listed, keep, brought_in(place->git_dir, place->work_tree));
  Readable readable;
  const Status opened = readable.open(place->work_tree, paths, doing);
  if (!opened) co_return passed_on(opened);
  const auto untouched = co_await as_checked_out(git_, write, paths);
  if (!untouched) co_return passed_on(untouched);
  for (const std::string& path : paths) {
    if (!untouched->contains(path)) add.input += path + '\0';
  }
  if (!add.input.empty()) {
    const auto added = co_await git_.runner.output(std::move(add));
    if (!added) co_return passed_on(added);
  }
  auto tree = co_await git_.line(std::move(write));
  if (!tree) co_return passed_on(tree);
  saved.tree = std::move(*tree);
  co_return saved;
}

Job<std::string> Repository::tree_now(fs::path worktree, std::vector<std::string> keep) {
  CommitId no_base;
  auto saved = co_await snapshot(std::move(worktree), std::move(keep), std::move(no_base));
  if (!saved) co_return passed_on(saved);
  co_return std::move(saved->tree);
}

Job<CommitId> Repository::commit_all(fs::path worktree, std::string message, Identity identity,
                                     bool is_signed) {
  const Turns::Turn turn = co_await turns_.take();
  const Result<Place> place = git_.place_of(worktree);
  if (!place) co_return passed_on(place);
  if (const Operation operation = operation_in(place->git_dir); operation != Operation::None)
    co_return fail(Fault::Refused, "{} is in the middle of {}", one_line(worktree.native()),
                   to_text(operation));
  Call ask =
      git_.call({"rev-parse", "--verify", "HEAD"}, "commit in " + one_line(worktree.native()));
  ask.place = *place;
  auto head = co_await git_.line(std::move(ask));
  if (!head) co_return passed_on(head);
  const CommitId before{*head};
  const CommitRequest request{std::move(worktree), std::move(message), std::move(identity),
                              is_signed};
  CommitId base;
  for (int number = 1;; ++number) {
    auto commit = co_await commit_files(request, *place, before, base);
    const bool gone = !commit && commit.error().fault == Fault::Io;
    if (!gone || number == kMostTries) co_return commit;
    base = before;
  }
}

/// Fault::Io also: a pruning took a part of the commit, and HEAD is where it was.
Job<CommitId> Repository::commit_files(CommitRequest request, Place place, CommitId head,
                                       CommitId base) {
  const std::string doing = "commit in " + one_line(request.worktree.native());
  std::vector<std::string> nothing;
  const auto saved = co_await snapshot(request.worktree, std::move(nothing), std::move(base));
  if (!saved) co_return passed_on(saved);
  const auto head_tree = co_await tree_of(head);
  if (!head_tree) co_return passed_on(head_tree);

  CommitId commit = head;
  if (saved->tree != *head_tree) {
    std::vector<CommitId> parents = {commit};
    auto made = co_await commit_tree(git_, saved->tree, std::move(parents), request.message,
                                     request.identity);
    if (!made) co_return passed_on(made);
    if (request.is_signed) {
      auto text = co_await commit_text(git_, *made);
      if (!text) co_return passed_on(text);
      made = co_await sign(git_, std::move(*text), kSignTime);
      if (!made) co_return passed_on(made);
    }
    failpoint("git.commit_all");
    Call move = git_.call(
        {"update-ref", "-m", "tmux-orch: commit", "HEAD", made->value, head.value}, doing);
    move.place = place;
    move.owned = git_.own_locks(place);
    Call back = move;
    back.args = {"update-ref", "-m", "tmux-orch: put back", "HEAD", head.value, made->value};
    const auto moved = co_await git_.runner.output(std::move(move));
    if (!moved) co_return passed_on(moved);
    std::vector<CommitId> known = {head};
    const auto whole = co_await has_all_objects(*made, std::move(known));
    if (!whole) co_return passed_on(whole);
    if (!*whole) {
      const auto put = co_await git_.runner.output(std::move(back));
      if (!put) co_return passed_on(put);
      co_return fail(Fault::Io, "cannot {}: a git that cleans up took objects of it", doing);
    }
    commit = *made;
  }
  const bool moved = commit != head;
  const auto followed = co_await index_follows(place, commit, saved->index_tree, moved);
  if (!followed) co_return passed_on(followed);
  co_return commit;
}

/// Sets the index to HEAD after HEAD moved, also where a killed run of commit_all() got no further
/// than that. What was staged by hand is told from it by its tree, and stays.
Job<bool> Repository::index_follows(Place place, CommitId commit, std::string index_tree,
                                    bool moved) {
  if (!moved) {
    const auto parent = co_await resolve(commit.value + "^");
    if (!parent) co_return passed_on(parent);
    if (!*parent) co_return false;
    const auto parent_tree = co_await tree_of(**parent);
    if (!parent_tree) co_return passed_on(parent_tree);
    const auto own_tree = co_await tree_of(commit);
    if (!own_tree) co_return passed_on(own_tree);
    if (*own_tree == index_tree || *parent_tree != index_tree) co_return false;
  }
  Call refresh = git_.call({"reset", "--quiet", "--mixed"}, "update the index after a commit");
  refresh.owned = git_.own_locks(place);
  refresh.place = place;
  const auto refreshed = co_await git_.runner.output(std::move(refresh));
  if (!refreshed) co_return passed_on(refreshed);
  co_return true;
}

Job<Rescue> Repository::rescue(RescueRequest request) {
  const Turns::Turn turn = co_await turns_.take();
  std::optional<LostCommits> lost;
  for (int number = 1;; ++number) {
    const bool again = number > 1;
    auto saved = co_await rescue_onto(request, again, lost);
    if (!saved && (saved.error().fault != Fault::Io || number == kMostTries)) co_return saved;
    if (saved) {
      bool whole = true;
      if (!saved->commit.empty()) {
        const auto found = co_await has_all_objects(saved->commit, request.known);
        if (!found) co_return passed_on(found);
        whole = *found;
      }
      if (whole && lost) {
        const auto back = co_await put_back(git_, request.worktree, request.branch, *lost);
        if (!back) co_return passed_on(back);
        saved->lost = std::move(lost);
      }
      if (whole) co_return saved;
      Call drop = git_.call({"update-ref", "-d", saved->ref, saved->commit.value},
                            "take back " + saved->ref);
      drop.owned = {git_.git_dir / (saved->ref + ".lock"), git_.git_dir / "packed-refs.lock"};
      const auto dropped = co_await git_.runner.output(std::move(drop));
      if (!dropped) co_return passed_on(dropped);
    }
    if (number == kMostTries) co_return pruned(request.worktree);
    auto found = co_await lost_commits(request.worktree, request.branch, request.known);
    if (!found) co_return passed_on(found);
    lost = std::move(*found);
  }
}

/// `again`: the index is not to be trusted, all is stored anew. HEAD or the branch, where they are
/// among the lost, count as the last commit before those.
Job<Rescue> Repository::rescue_onto(RescueRequest request, bool again,
                                    std::optional<LostCommits> lost) {
  const auto is_lost = [&lost](const CommitId& commit) {
    return lost && std::ranges::find(lost->commits, commit) != lost->commits.end();
  };
  Rescue rescue;
  CommitId head;
  Snapshot saved;
  const auto tip = co_await branch_tip(request.branch);
  if (!tip) co_return passed_on(tip);
  const Result<Place> place = git_.place_of(request.worktree);
  if (place) {
    Call ask = git_.call({"rev-parse", "--verify", "--quiet", "HEAD"}, "read HEAD");
    ask.place = *place;
    const auto found = co_await git_.runner.run(std::move(ask));
    if (!found) co_return passed_on(found);
    if (found->ok()) head = CommitId{std::string(trim(found->out))};
    if (is_lost(head)) head = lost->good;
    std::error_code error;
    if (fs::is_directory(place->work_tree, error)) {
      std::vector<std::string> nothing;
      const CommitId base = again ? head : CommitId();
      auto snapped = co_await snapshot(place->work_tree, std::move(nothing), base);
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
    const auto within = co_await all_within(git_, tips, parents);
    if (!within) co_return passed_on(within);
    if (!*within) parents.push_back(**tip);
  }
  auto with_index = co_await with_staged(std::move(parents), saved);
  if (!with_index) co_return passed_on(with_index);
  co_return co_await keep_rescue(std::move(request), std::move(rescue), std::move(*with_index),
                                 std::move(saved.tree));
}

/// Adds a parent that holds what was staged, where that is neither in HEAD nor in the files.
Job<std::vector<CommitId>> Repository::with_staged(std::vector<CommitId> parents, Snapshot saved) {
  if (saved.index_tree.empty() || saved.index_tree == saved.tree || parents.empty())
    co_return parents;
  const auto head_tree = co_await tree_of(parents.front());
  if (!head_tree) co_return passed_on(head_tree);
  if (*head_tree == saved.index_tree) co_return parents;
  Call make = git_.call(
      {"commit-tree", "-m", "what was staged", "-p", parents.front().value, saved.index_tree},
      "save what was staged");
  // The same content gives the same commit, so that a repeated rescue is recognised.
  const Identity ours = our_identity();
  make.env = {{"GIT_AUTHOR_NAME", ours.name},    {"GIT_AUTHOR_EMAIL", ours.email},
              {"GIT_COMMITTER_NAME", ours.name}, {"GIT_COMMITTER_EMAIL", ours.email},
              {"GIT_AUTHOR_DATE", "@0 +0000"},   {"GIT_COMMITTER_DATE", "@0 +0000"}};
  auto commit = co_await git_.line(std::move(make));
  if (!commit) co_return passed_on(commit);
  parents.push_back(CommitId{std::move(*commit)});
  co_return parents;
}

/// Decides whether a commit and a ref are needed, and makes them.
Job<Rescue> Repository::keep_rescue(RescueRequest request, Rescue rescue,
                                    std::vector<CommitId> parents, std::string tree) {
  std::string head_tree;
  if (!parents.empty()) {
    auto found = co_await tree_of(parents.front());
    if (!found) co_return passed_on(found);
    head_tree = std::move(*found);
  }
  const bool uncommitted = !tree.empty() && tree != head_tree;
  if (tree.empty()) tree = head_tree;
  if (!uncommitted) {
    const auto safe = co_await all_within(git_, parents, request.known);
    if (!safe) co_return passed_on(safe);
    if (*safe) co_return rescue;
  }
  rescue.what =
      uncommitted || parents.size() > 1 ? Rescue::What::Uncommitted : Rescue::What::Commits;
  if (rescue.what == Rescue::What::Commits) rescue.commit = parents.front();

  for (int number = 1; number < kMostRescues; ++number) {
    rescue.ref = number == 1 ? request.ref : fmt::format("{}-{}", request.ref, number);
    const Place shared{git_.git_dir, git_.root};
    const auto held = co_await named_by(git_, shared, rescue.ref);
    if (!held) co_return passed_on(held);
    if (held->empty()) break;
    const auto same = co_await holds_same(*held, rescue, parents, tree);
    if (!same) co_return passed_on(same);
    if (!*same) continue;
    rescue.commit = *held;
    co_return rescue;
  }
  if (rescue.commit.empty()) {
    const std::string message =
        fmt::format("Work in progress of {}, saved by tmux-orch\n", request.branch);
    auto made = co_await commit_tree(git_, tree, parents, message, our_identity());
    if (!made) co_return passed_on(made);
    rescue.commit = std::move(*made);
  }
  failpoint("git.rescue");
  // The empty old value: only if there is no such ref.
  Call store = git_.call({"update-ref", rescue.ref, rescue.commit.value, ""},
                         "keep the rescued work under " + rescue.ref);
  store.owned = {git_.git_dir / (rescue.ref + ".lock")};
  const auto stored = co_await git_.runner.output(std::move(store));
  if (!stored) co_return passed_on(stored);
  co_return rescue;
}

/// Is an earlier rescue the one that would be made now?
Job<bool> Repository::holds_same(CommitId held, Rescue rescue, std::vector<CommitId> parents,
                                 std::string tree) {
  if (!rescue.commit.empty()) co_return held == rescue.commit;
  const auto there = co_await resolve(held.value);
  if (!there) co_return passed_on(there);
  if (!*there) co_return false;
  const auto held_tree = co_await tree_of(held);
  if (!held_tree) co_return passed_on(held_tree);
  if (*held_tree != tree) co_return false;
  Call ask = git_.call({"rev-parse", held.value + "^@"}, "read an earlier rescue");
  const auto held_parents = co_await git_.line(std::move(ask));
  if (!held_parents) co_return passed_on(held_parents);
  co_return commits_in(*held_parents) == parents;
}

}  // namespace orch::git
