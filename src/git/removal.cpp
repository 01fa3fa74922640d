// Takes worktrees and branches away, and puts a worktree back to a commit: only after proof that
// whatever is lost there is safe elsewhere.
#include "git/locks.hpp"
#include "git/parse.hpp"
#include "git/repository.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr Span kRemoveTime = std::chrono::minutes(15);

Failure not_saved(const fs::path& worktree, std::string_view what) {
  return hinted(
      fail(Fault::Refused, "{} has {} that would be lost", one_line(worktree.native()), what),
      "rescue it first");
}

bool is_folder(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

/// Renames a folder into `.trash` beside the worktrees, under a name that is free.
Result<fs::path> move_to_trash(const fs::path& folder, const fs::path& trash,
                               const std::string& name) {
  const Status made = make_folders(trash);
  if (!made) return passed_on(made);
  std::error_code error;
  int number = 1;
  fs::path target = trash / fmt::format("{}-{}", name, number);
  while (fs::exists(fs::symlink_status(target, error)))
    target = trash / fmt::format("{}-{}", name, ++number);
  fs::rename(folder, target, error);
  if (error)
    return errno_failure(error.value(), "cannot move " + one_line(folder.native()) + " to " +
                                            one_line(target.native()));
  return target;
}

}  // namespace

/// Is what `git status` shows there, if anything, the tree of one of these commits?
Job<bool> Repository::files_saved(fs::path worktree, std::vector<CommitId> safe) {
  const auto status = co_await status_of(worktree);
  if (!status) co_return passed_on(status);
  if (status->changes.count == 0) co_return true;
  std::vector<std::string> nothing;
  const auto tree = co_await tree_now(worktree, std::move(nothing));
  if (!tree) co_return passed_on(tree);
  for (const CommitId& commit : safe) {
    if (commit.empty()) continue;
    const auto saved = co_await tree_of(commit);
    if (!saved) co_return passed_on(saved);
    if (*saved == *tree) co_return true;
  }
  co_return false;
}

Job<bool> Repository::check_removable(RemoveRequest request,
                                      std::optional<Registration> registration) {
  std::vector<CommitId> commits;
  if (!request.branch.empty()) {
    const auto tip = co_await branch_tip(request.branch);
    if (!tip) co_return passed_on(tip);
    if (*tip) commits.push_back(**tip);
  }
  if (registration) {
    const auto status = co_await status_of(registration->path);
    if (!status) co_return passed_on(status);
    commits.push_back(status->head);
  }
  const auto within = co_await all_within(commits, request.safe);
  if (!within) co_return passed_on(within);
  if (!*within) co_return not_saved(request.path, "commits");

  if (!registration || !has_mark(registration->admin, Mark::Ready)) co_return true;
  if (!is_folder(registration->path)) co_return true;
  const auto saved = co_await files_saved(registration->path, request.safe);
  if (!saved) co_return passed_on(saved);
  if (!*saved) co_return not_saved(request.path, "uncommitted changes");
  co_return true;
}

Job<Removed> Repository::remove_worktree(RemoveRequest request) {
  std::error_code error;
  request.path = fs::weakly_canonical(request.path, error);
  request.reason = one_line(trim(request.reason));
  if (request.path == main_)
    co_return fail(Fault::Refused, "{} is the main worktree", one_line(main_.native()));

  const Turns::Turn turn = co_await turns_.take();
  const auto registration = co_await own_registration(request.path, request.reason);
  if (!registration) co_return passed_on(registration);
  if (!*registration && is_folder(request.path) && !fs::is_empty(request.path, error))
    co_return fail(Fault::Refused, "{} is not a worktree of this run",
                   one_line(request.path.native()));
  const auto removable = co_await check_removable(request, *registration);
  if (!removable) co_return passed_on(removable);

  Removed removed;
  if (*registration) {
    auto trash = co_await remove_registered(**registration);
    if (!trash) co_return passed_on(trash);
    removed.trash = std::move(*trash);
  }
  fs::remove(request.path, error);  // an empty folder that a killed removal left
  if (!request.branch.empty()) {
    auto kept_at = co_await remove_branch(request);
    if (!kept_at) co_return passed_on(kept_at);
    removed.branch_kept_at = std::move(*kept_at);
  }
  co_return removed;
}

/// Says where the folder went if it could not simply be deleted.
Job<fs::path> Repository::remove_registered(Registration registration) {
  const Status marked = set_mark(registration.admin, Mark::Removing);
  if (!marked) co_return passed_on(marked);
  failpoint("git.worktree.remove");
  fs::path trash;
  if (is_folder(registration.path)) {
    const auto nested = co_await nested_in(registration.path);
    if (!nested) co_return passed_on(nested);
    if (!nested->empty()) {
      auto moved = move_to_trash(registration.path, registration.path.parent_path() / ".trash",
                                 registration.path.filename());
      if (!moved) co_return passed_on(moved);
      trash = std::move(*moved);
    } else {
      // Git removes nothing where this file is missing.
      const Status linked = write_file(registration.path / ".git",
                                       fmt::format("gitdir: {}\n", registration.admin.native()));
      if (!linked) co_return passed_on(linked);
    }
  }
  Call remove = call({"worktree", "remove", "--force", "--force", "--", registration.path.native()},
                     "remove the worktree " + one_line(registration.path.native()));
  remove.live = true;
  remove.timeout = kRemoveTime;
  const auto removed = co_await runner_.output(std::move(remove));
  if (!removed) co_return passed_on(removed);
  co_return trash;
}

/// Says where the branch is checked out if that keeps it.
Job<fs::path> Repository::remove_branch(RemoveRequest request) {
  const auto tip = co_await branch_tip(request.branch);
  if (!tip) co_return passed_on(tip);
  if (!*tip) co_return fs::path();
  const std::vector<Holder> holders = checked_out_at(request.branch);
  if (!holders.empty()) co_return holders.front().path;
  failpoint("git.branch.remove");
  // Only from the tip that was checked; who moved it meanwhile keeps it.
  Call remove = call({"update-ref", "-d", "refs/heads/" + request.branch, (*tip)->value},
                     fmt::format("remove branch '{}'", request.branch));
  remove.owned = {git_dir_ / "refs/heads" / (request.branch + ".lock"),
                  git_dir_ / "packed-refs.lock"};
  const auto removed = co_await runner_.output(std::move(remove));
  if (!removed) co_return passed_on(removed);
  co_return fs::path();
}

/// Is the commit reachable from any ref but that branch?
Job<bool> Repository::kept_elsewhere(CommitId commit, std::string branch) {
  // Without --single-worktree the HEAD that is about to move would count as well.
  Call ask = call({"rev-list", "--max-count=1", commit.value, "--not", "--single-worktree",
                   "--exclude=refs/heads/" + branch, "--all"},
                  "compare commits");
  const auto outside = co_await line(std::move(ask));
  if (!outside) co_return passed_on(outside);
  co_return outside->empty();
}

Job<bool> Repository::check_resettable(ResetRequest request, Registration registration) {
  const auto status = co_await status_of(registration.path);
  if (!status) co_return passed_on(status);
  const auto tip = co_await branch_tip(request.branch);
  if (!tip) co_return passed_on(tip);
  std::vector<CommitId> commits = {status->head};
  if (*tip) commits.push_back(**tip);
  const std::vector<CommitId> safe = {request.expected, request.commit};
  const auto within = co_await all_within(commits, safe);
  if (!within) co_return passed_on(within);
  if (!*within) co_return not_saved(request.path, "commits");
  for (const CommitId& commit : commits) {
    const auto kept = co_await kept_elsewhere(commit, request.branch);
    if (!kept) co_return passed_on(kept);
    if (!*kept) co_return not_saved(request.path, "commits under no other ref");
  }
  const auto saved = co_await files_saved(registration.path, safe);
  if (!saved) co_return passed_on(saved);
  if (!*saved) co_return not_saved(request.path, "uncommitted changes");
  co_return true;
}

Job<CommitId> Repository::reset_worktree(ResetRequest request) {
  std::error_code error;
  request.path = fs::weakly_canonical(request.path, error);
  request.reason = one_line(trim(request.reason));
  const Turns::Turn turn = co_await turns_.take();
  const auto registration = co_await own_registration(request.path, request.reason);
  if (!registration) co_return passed_on(registration);
  if (!*registration)
    co_return fail(Fault::NotFound, "there is no worktree at {}", one_line(request.path.native()));
  // Without the mark an earlier reset got past the checks and was killed.
  if (has_mark((*registration)->admin, Mark::Ready) && is_folder(request.path)) {
    const auto resettable = co_await check_resettable(request, **registration);
    if (!resettable) co_return passed_on(resettable);
  }
  const auto moved = co_await reset_branch(request, **registration);
  if (!moved) co_return passed_on(moved);
  const auto cleaned = co_await clean(request.path, (*registration)->admin);
  if (!cleaned) co_return passed_on(cleaned);
  co_return co_await fill(**registration);
}

/// Deletes what git does not track; repositories of their own go to the trash.
Job<bool> Repository::clean(fs::path worktree, fs::path admin) {
  if (!is_folder(worktree)) co_return true;
  const auto nested = co_await nested_in(worktree);
  if (!nested) co_return passed_on(nested);
  for (const std::string& name : *nested) {
    const fs::path folder = name == "." ? worktree / ".git" : worktree / name;
    const auto trashed =
        move_to_trash(folder, worktree.parent_path() / ".trash",
                      worktree.filename().native() + '-' + folder.filename().native());
    if (!trashed) co_return passed_on(trashed);
  }
  Call clean = call({"clean", "-ffdxq"}, "clean the worktree " + one_line(worktree.native()));
  clean.place = Place{admin, worktree};
  clean.timeout = kRemoveTime;
  const auto cleaned = co_await runner_.output(std::move(clean));
  if (!cleaned) co_return passed_on(cleaned);
  co_return true;
}

/// From here to the end of fill() the worktree counts as half-made, whose files may be overwritten.
Job<bool> Repository::reset_branch(ResetRequest request, Registration registration) {
  const Place place{registration.admin, registration.path};
  const Status unmarked = clear_mark(registration.admin, Mark::Ready);
  if (!unmarked) co_return passed_on(unmarked);
  const auto quiet = co_await settled(place);
  if (!quiet) co_return passed_on(quiet);
  const Status ended = drop_operation(registration.admin);
  if (!ended) co_return passed_on(ended);
  failpoint("git.worktree.reset");
  const std::string ref = "refs/heads/" + request.branch;
  Call move = call({"update-ref", "-m", "tmux-orch: fresh attempt", ref, request.commit.value},
                   fmt::format("move branch '{}'", request.branch));
  move.owned = {git_dir_ / (ref + ".lock")};
  const auto moved = co_await runner_.output(std::move(move));
  if (!moved) co_return passed_on(moved);
  Call attach = call({"symbolic-ref", "-m", "tmux-orch: fresh attempt", "HEAD", ref},
                     fmt::format("put the worktree on branch '{}'", request.branch));
  attach.place = place;
  const auto attached = co_await runner_.output(std::move(attach));
  if (!attached) co_return passed_on(attached);
  co_return true;
}

}  // namespace orch::git
