// Takes worktrees and branches away: only after proof that no commit is lost. The folder goes to
// the trash as it is, by one rename, and is looked at there: what is in a commit is deleted then.
#include "git/removal.hpp"

#include "git/pool.hpp"
#include "git/queries.hpp"
#include "git/refs.hpp"
#include "git/registration.hpp"
#include "git/saved.hpp"
#include "git/set_up.hpp"
#include "git/submodules.hpp"
#include "git/sweep.hpp"
#include "git/worktrees.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <fcntl.h>

#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr Span kRemoveTime = std::chrono::minutes(15);

Job<Tips> check_removable(GitContext& git, RemoveRequest request,
                          std::optional<Registration> registration) {
  auto tips = co_await tips_of(git, request.branch, registration);
  if (!tips) co_return passed_on(tips);
  const auto saved = co_await check_saved(git, request.path, *tips, request.safe);
  if (!saved) co_return passed_on(saved);
  co_return std::move(*tips);
}

/// A rename; from one file system to another, git's own folder or a mount, the way of mv(1).
Job<bool> rename_into_trash(GitContext& git, fs::path folder, TrashEntry entry) {
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
  const auto moved = co_await git.runner.other(
      std::move(move), "move " + one_line(folder.native()) + " to the trash");
  if (!moved) co_return passed_on(moved);
  co_return true;
}

/// Says what of it is kept in the trash.
Job<TrashEntry> remove_registered(GitContext& git, RemoveRequest request,
                                  Registration registration) {
  const Trash trash(request.trash.folder.empty() ? request.path.parent_path() / ".trash"
                                                 : request.trash.folder);
  // Where an earlier try, which was killed, put it or was about to; not if there is a new one by
  // now.
  auto entry = trash.find(mark_text(registration.admin, StepMark::Trashing));
  std::error_code error;
  const bool there = is_real_folder(registration.path);
  if (there && !(entry && fs::is_empty(entry->folder, error))) {
    entry = trash.claim(registration.path.filename(), request.trash.label, registration.path);
    if (!entry) co_return passed_on(entry);
    const Status noted = set_mark(registration.admin, StepMark::Trashing, entry->name);
    if (!noted) co_return passed_on(noted);
  }
  const Status marked = set_mark(registration.admin, StepMark::Removing);
  if (!marked) co_return passed_on(marked);
  failpoint("git.worktree_remove");
  TrashEntry kept;
  if (entry) {
    const auto renamed = co_await rename_into_trash(git, registration.path, *entry);
    if (!renamed) co_return passed_on(renamed);
    failpoint("git.worktree_trashed");
    const auto submodules = co_await sweep_submodules(git, registration, *entry);
    if (!submodules) co_return passed_on(submodules);
    SweepRequest sweep;
    sweep.entry = *entry;
    sweep.index = registration.admin / "index";
    sweep.set_up = read_set_up(registration.admin);
    sweep.caches = request.trash.caches;
    sweep.whole = true;
    if (!request.saved.empty()) {
      auto tree = co_await tree_of(git, request.saved);
      if (!tree) co_return passed_on(tree);
      sweep.tree = std::move(*tree);
    }
    auto swept = co_await finish_sweep(git, std::move(sweep), registration);
    if (!swept) co_return passed_on(swept);
    kept = std::move(*swept);
  }
  const Status dropped = drop_registration(registration);
  if (!dropped) co_return passed_on(dropped);
  co_return kept;
}

/// Says where the branch is checked out if that keeps it. One that was moved since `tip` was
/// checked stays, too.
Job<fs::path> remove_branch(GitContext& git, std::string branch, CommitId tip) {
  const std::vector<Holder> holders = checked_out_at(git, branch);
  if (!holders.empty()) co_return holders.front().path;
  failpoint("git.branch_remove");
  RefChange remove;
  remove.name = "refs/heads/" + branch;
  remove.from = std::move(tip);
  remove.doing = fmt::format("remove branch '{}'", branch);
  remove.owned = {git.git_dir / "packed-refs.lock"};
  const auto removed = co_await change_ref(git, std::move(remove));
  if (!removed) co_return passed_on(removed);
  co_return fs::path();
}

}  // namespace

Job<Removed> remove_worktree(GitContext& git, RemoveRequest request) {
  std::error_code error;
  request.path = fs::weakly_canonical(request.path, error);
  request.reason = one_line(trim(request.reason));
  if (request.path == git.main)
    co_return fail(Fault::Refused, "{} is the main worktree", one_line(git.main.native()));
  const auto registration = co_await own_registration(git, request.path, request.reason);
  if (!registration) co_return passed_on(registration);
  if (!*registration && is_real_folder(request.path) && !fs::is_empty(request.path, error))
    co_return fail(Fault::Refused, "{} is not a worktree of this run",
                   one_line(request.path.native()));
  const auto tips = co_await check_removable(git, request, *registration);
  if (!tips) co_return passed_on(tips);

  Removed removed;
  if (*registration) {
    if (request.saved.empty()) request.saved = tips->head;
    auto parked = co_await park_worktree(git, request, **registration, tips->head);
    if (!parked) co_return passed_on(parked);
    removed.parked = parked->parked;
    if (parked->at_tip) request.saved = request.pool.tip;
    removed.kept = std::move(parked->kept);
  }
  if (*registration && !removed.parked) {
    auto kept = co_await remove_registered(git, request, **registration);
    if (!kept) co_return passed_on(kept);
    if (removed.kept.name.empty()) removed.kept = std::move(*kept);
  }
  fs::remove(request.path, error);  // an empty folder that a killed removal left
  if (tips->branch) {
    auto kept_at = co_await remove_branch(git, request.branch, *tips->branch);
    if (!kept_at) co_return passed_on(kept_at);
    removed.branch_kept_at = std::move(*kept_at);
  }
  co_return removed;
}

}  // namespace orch::git
