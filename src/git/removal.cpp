// Takes worktrees and branches away: only after proof that no commit is lost. The folder goes to
// the trash as it is, by one rename, and is looked at there: what is in a commit is deleted then.
#include "git/parse.hpp"
#include "git/queries.hpp"
#include "git/registration.hpp"
#include "git/repository.hpp"
#include "git/saved.hpp"
#include "git/set_up.hpp"
#include "git/sweep.hpp"
#include "git/worktrees.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <fcntl.h>

#include <algorithm>
#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr Span kRemoveTime = std::chrono::minutes(15);

}  // namespace

Failure not_saved(const fs::path& worktree, std::string_view what) {
  return hinted(
      fail(Fault::Refused, "{} has {} that would be lost", one_line(worktree.native()), what),
      "rescue it first");
}

bool is_real_folder(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(fs::symlink_status(path, error));
}

Job<Repository::Tips> Repository::tips_of(std::string branch,
                                          std::optional<Registration> registration) {
  Tips tips;
  if (!branch.empty()) {
    auto tip = co_await branch_tip(branch);
    if (!tip) co_return passed_on(tip);
    tips.branch = std::move(*tip);
  }
  if (!registration) co_return tips;
  Call ask = git_.call({"rev-parse", "--verify", "--quiet", "HEAD"}, "read HEAD");
  ask.place = Place{registration->admin, registration->path};
  const auto head = co_await git_.runner.run(std::move(ask));
  if (!head) co_return passed_on(head);
  if (head->ok()) tips.head = CommitId{std::string(trim(head->out))};
  co_return tips;
}

Job<Repository::Tips> Repository::check_removable(RemoveRequest request,
                                                  std::optional<Registration> registration) {
  auto tips = co_await tips_of(request.branch, registration);
  if (!tips) co_return passed_on(tips);
  const auto saved = co_await check_saved(request.path, *tips, request.safe);
  if (!saved) co_return passed_on(saved);
  co_return std::move(*tips);
}

/// Says which commits these are, none of them twice.
Job<std::vector<CommitId>> Repository::check_saved(fs::path worktree, Tips tips,
                                                   std::vector<CommitId> safe) {
  std::vector<CommitId> commits;
  if (!tips.head.empty()) commits.push_back(tips.head);
  if (tips.branch && *tips.branch != tips.head) commits.push_back(*tips.branch);
  const auto within = co_await all_within(git_, commits, std::move(safe));
  if (!within) co_return passed_on(within);
  if (!*within) co_return not_saved(worktree, "commits");
  co_return commits;
}

Job<Removed> Repository::remove_worktree(RemoveRequest request) {
  std::error_code error;
  request.path = fs::weakly_canonical(request.path, error);
  request.reason = one_line(trim(request.reason));
  if (request.path == git_.main)
    co_return fail(Fault::Refused, "{} is the main worktree", one_line(git_.main.native()));

  const Turns::Turn turn = co_await turns_.take();
  const auto registration = co_await own_registration(git_, request.path, request.reason);
  if (!registration) co_return passed_on(registration);
  if (!*registration && is_real_folder(request.path) && !fs::is_empty(request.path, error))
    co_return fail(Fault::Refused, "{} is not a worktree of this run",
                   one_line(request.path.native()));
  const auto tips = co_await check_removable(request, *registration);
  if (!tips) co_return passed_on(tips);

  Removed removed;
  if (*registration) {
    auto kept = co_await remove_registered(request, **registration, tips->head);
    if (!kept) co_return passed_on(kept);
    removed.kept = std::move(*kept);
  }
  fs::remove(request.path, error);  // an empty folder that a killed removal left
  if (tips->branch) {
    auto kept_at = co_await remove_branch(request.branch, *tips->branch);
    if (!kept_at) co_return passed_on(kept_at);
    removed.branch_kept_at = std::move(*kept_at);
  }
  co_return removed;
}

/// Says what of it is kept in the trash.
Job<TrashEntry> Repository::remove_registered(RemoveRequest request, Registration registration,
                                              CommitId head) {
  const Trash trash(request.trash.folder.empty() ? request.path.parent_path() / ".trash"
                                                 : request.trash.folder);
  // Where an earlier try, which was killed, put it or was about to; not if there is a new one by
  // now.
  auto entry = trash.find(mark_text(registration.admin, Mark::Trashing));
  std::error_code error;
  const bool there = is_real_folder(registration.path);
  if (there && !(entry && fs::is_empty(entry->folder, error))) {
    entry = trash.claim(registration.path.filename(), request.trash.label, registration.path);
    if (!entry) co_return passed_on(entry);
    const Status noted = set_mark(registration.admin, Mark::Trashing, entry->name);
    if (!noted) co_return passed_on(noted);
  }
  const Status marked = set_mark(registration.admin, Mark::Removing);
  if (!marked) co_return passed_on(marked);
  failpoint("git.worktree.remove");
  TrashEntry kept;
  if (entry) {
    const auto renamed = co_await rename_into_trash(registration.path, *entry);
    if (!renamed) co_return passed_on(renamed);
    failpoint("git.worktree.trashed");
    const auto submodules = co_await sweep_submodules(registration, *entry);
    if (!submodules) co_return passed_on(submodules);
    SweepRequest sweep;
    sweep.entry = *entry;
    sweep.index = registration.admin / "index";
    sweep.set_up = read_set_up(registration.admin);
    sweep.caches = request.trash.caches;
    sweep.whole = true;
    const CommitId saved = request.saved.empty() ? head : request.saved;
    if (!saved.empty()) {
      auto tree = co_await tree_of(saved);
      if (!tree) co_return passed_on(tree);
      sweep.tree = std::move(*tree);
    }
    auto swept = co_await finish_sweep(std::move(sweep), registration);
    if (!swept) co_return passed_on(swept);
    kept = std::move(*swept);
  }
  Call remove =
      git_.call({"worktree", "remove", "--force", "--force", "--", registration.path.native()},
                "remove the worktree " + one_line(registration.path.native()));
  remove.live = true;
  remove.timeout = kRemoveTime;
  const auto removed = co_await git_.runner.output(std::move(remove));
  if (!removed) co_return passed_on(removed);
  co_return kept;
}

/// A rename; from one file system to another, git's own folder or a mount, the way of mv(1).
Job<bool> Repository::rename_into_trash(fs::path folder, TrashEntry entry) {
  if (!is_real_folder(folder)) co_return false;
  std::error_code error;
  fs::rename(folder, entry.folder, error);
  if (error == std::errc::permission_denied) {
    const Fd own(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (own && make_accessible(own.get())) fs::rename(folder, entry.folder, error);
  }
  if (!error) co_return true;
  if (error != std::errc::cross_device_link)
    co_return errno_failure(error.value(), "cannot move " + one_line(folder.native()) + " to " +
                                               one_line(entry.folder.native()));
  loop::Command move;
  move.argv = {"mv", "-T", "--", folder.native(), entry.folder.native()};
  move.timeout = kRemoveTime;
  const auto moved = co_await git_.runner.other(
      std::move(move), "move " + one_line(folder.native()) + " to the trash");
  if (!moved) co_return passed_on(moved);
  co_return true;
}

/// Sweeps, and forgets that it was to be done. An entry in which nothing is left has no name any
/// more.
Job<TrashEntry> Repository::finish_sweep(SweepRequest request, Registration registration) {
  TrashEntry entry = request.entry;
  auto left = co_await sweep(std::move(request));
  if (!left) co_return passed_on(left);
  const Status done = clear_mark(registration.admin, Mark::Trashing);
  if (!done) co_return passed_on(done);
  entry.left = std::move(*left);
  if (entry.left.empty()) entry.name.clear();
  co_return entry;
}

/// Says where the branch is checked out if that keeps it. Who moved it since `tip` was checked
/// keeps it, too.
Job<fs::path> Repository::remove_branch(std::string branch, CommitId tip) {
  const std::vector<Holder> holders = checked_out_at(branch);
  if (!holders.empty()) co_return holders.front().path;
  failpoint("git.branch.remove");
  Call remove = git_.call({"update-ref", "-d", "refs/heads/" + branch, tip.value},
                          fmt::format("remove branch '{}'", branch));
  remove.owned = {git_.git_dir / "refs/heads" / (branch + ".lock"),
                  git_.git_dir / "packed-refs.lock"};
  const auto removed = co_await git_.runner.output(std::move(remove));
  if (!removed) co_return passed_on(removed);
  co_return fs::path();
}

}  // namespace orch::git
