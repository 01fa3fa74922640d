// Makes a task's worktree and branch, and finishes what a killed run of the same left half-made.
//
// The steps, each of which shows on disk whether it happened:
//   1. `worktree add --detach --no-checkout --lock --reason R`, or the files that it writes: the
//      reason is the key, and git starts no other git that could outlive it.
//   2. `checkout --force -b`: the files, the branch from nothing, HEAD pointed at it; then
//      StepMark::Ready. Without the mark nobody has worked there, so that a repair may
//      write over the files; with it the content is never touched again.
#include "git/worktrees.hpp"

#include "git/heads.hpp"
#include "git/locks.hpp"
#include "git/new_registration.hpp"
#include "git/parse.hpp"
#include "git/pool.hpp"
#include "git/queries.hpp"
#include "git/refs.hpp"
#include "git/registration.hpp"
#include "git/remembered.hpp"
#include "git/slot.hpp"
#include "git/sparse.hpp"
#include "git/task_branch.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/files.hpp"
#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;
using How = EnsuredWorktree::How;

namespace {

constexpr Span kCheckoutTime = std::chrono::minutes(15);
constexpr Span kLookAgain = std::chrono::milliseconds(50);
constexpr int kMostLooks = 200;

bool is_empty_or_missing(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::symlink_status(path, error);
  if (!fs::exists(status)) return true;
  return fs::is_directory(status) && fs::is_empty(path, error) && !error;
}

/// Was git killed while it made, or removed, exactly this worktree? Its files were then written or
/// deleted in any order, and the reason may be half there.
bool is_remains(const Registration& registration, const fs::path& path, std::string_view reason) {
  const bool here = registration.path == path;
  if (!here && !registration.path.empty()) return false;
  if (!registration.sound() && has_mark(registration.admin, StepMark::Removing)) return true;
  std::error_code error;
  const bool same_name =
      registration.admin.filename().native().starts_with(path.filename().native());
  // What is not locked git itself would prune: without a path at once, or with the folder gone.
  if (!registration.locked) return here ? !fs::exists(path, error) : same_name;
  return !registration.sound() && (here || same_name) &&
         reason.starts_with(registration.lock_reason);
}

bool is_whole(const Registration& registration) {
  std::error_code error;
  return has_mark(registration.admin, StepMark::Ready) &&
         fs::exists(registration.path / ".git", error);
}

Status mark_ready(const fs::path& admin) {
  const Status marked = set_mark(admin, StepMark::Ready);
  return marked ? clear_mark(admin, StepMark::Removing) : marked;
}

/// The folder with its `.git` file, made again where it was deleted.
Status linked_folder(const Registration& registration) {
  std::error_code error;
  if (!fs::exists(registration.path, error)) {
    // The whole folder was deleted: what was in it is gone, the commits are not.
    Status made = clear_mark(registration.admin, StepMark::Ready);
    if (made) made = make_folders(registration.path);
    if (!made) return made;
  }
  const fs::path link = registration.path / ".git";
  if (fs::exists(link, error)) return {};
  return write_pointer(registration.path, registration.admin);
}

/// Where a worktree's registration may be: the one it says is its own, else more of them.
std::vector<Registration> candidates(const GitContext& git, const fs::path& path, Search search) {
  if (auto own = registration_in(git.git_dir, path)) return {std::move(*own)};
  return search == Search::All ? registrations(git.git_dir)
                               : registrations_named_after(git.git_dir, path);
}

std::optional<Registration> first_at(std::vector<Registration> found, const fs::path& path) {
  const auto at = std::ranges::find(found, path, &Registration::path);
  if (at == found.end()) return std::nullopt;
  return std::move(*at);
}

/// A git of ours is at it right now: what looks like the remains of a killed one is none.
bool is_being_made(const GitContext& git, const Registration& registration) {
  return std::ranges::any_of(git.at_work, [&](const fs::path& path) {
    return registration.path == path ||
           (registration.path.empty() &&
            registration.admin.filename().native().starts_with(path.filename().native()));
  });
}

/// A worktree in our place: of an earlier run, whose work may be the only copy, or of the user's.
Failure not_ours(const fs::path& path, const std::string& lock_reason) {
  const std::string shown = one_line(path.native());
  const std::string place = shell_word(shown);
  if (lock_reason.starts_with("tmux-orch ")) {
    return hinted(fail(Fault::Refused, "{} has work of another run in it ({})", shown,
                       one_line(lock_reason, 80)),
                  fmt::format("when that is not needed any more: git worktree unlock {} && git "
                              "worktree remove {}",
                              place, place));
  }
  const std::string locked =
      lock_reason.empty() ? "" : fmt::format(" ({})", one_line(lock_reason, 80));
  return hinted(fail(Fault::Refused, "{} is a worktree of somebody else{}", shown, locked),
                fmt::format("git worktree move {} another-place, or choose another folder for the "
                            "worktrees",
                            place));
}

/// Puts a worktree in which nobody has worked yet on its branch and writes the files, in one step;
/// where HEAD is then.
Job<CommitId> check_out(GitContext& git, WorktreeSpec spec, Registration registration,
                        std::optional<CommitId> tip) {
  failpoint("git.worktree_checkout");
  Call checkout = git.call({"checkout", "--quiet", "--force"},
                           "check out " + one_line(registration.path.native()));
  if (!tip) checkout.args.insert(checkout.args.end(), {"--no-track", "-b"});
  checkout.args.insert(checkout.args.end(), {spec.branch, "--"});
  checkout.place = Place{registration.admin, registration.path};
  checkout.owned = {registration.admin, git.git_dir / "refs/heads" / (spec.branch + ".lock")};
  checkout.timeout = kCheckoutTime;
  const auto written = co_await git.runner.output(std::move(checkout));
  if (!written) co_return passed_on(written);
  const Status marked = mark_ready(registration.admin);
  if (!marked) co_return passed_on(marked);
  co_return tip.value_or(CommitId{registration.head});
}

/// Brings a worktree of ours that a killed run or a deleted folder left incomplete back. One that
/// was complete keeps the branch that its agent chose; a deleted branch is made again.
Job<CommitId> repaired(GitContext& git, WorktreeSpec spec, Registration registration) {
  const bool ready = has_mark(registration.admin, StepMark::Ready);
  const bool on_branch = registration.branch() == spec.branch;
  if (ready && on_branch) {
    const Place place{registration.admin, registration.path};
    const auto tip = co_await revived(git, place, spec.branch, spec.start);
    if (!tip) co_return passed_on(tip);
  }
  if (!ready) {
    const auto narrowed = co_await make_sparse(git, registration.admin, spec.sparse);
    if (!narrowed) co_return passed_on(narrowed);
  }
  if (ready || on_branch) co_return co_await fill_worktree(git, std::move(registration));
  const auto tip = co_await usable_tip(git, spec, true);
  if (!tip) co_return passed_on(tip);
  const Status linked = linked_folder(registration);
  if (!linked) co_return passed_on(linked);
  co_return co_await check_out(git, std::move(spec), std::move(registration), *tip);
}

/// The folder that holds the worktrees is kept out of the user's `git status`, unless they did so
/// themselves or have files of their own in it.
Job<bool> hide_parent(GitContext& git, fs::path worktree) {
  const fs::path parent = worktree.parent_path();
  const Status made = make_folders(parent);
  if (!made) co_return passed_on(made);
  // The root is no worktree where the repository is bare, and then nobody's status shows it.
  const auto root = git.place_of(git.root);
  const bool inside = root && parent.native().starts_with(git.root.native() + '/');
  std::error_code error;
  if (!inside || fs::exists(parent / ".gitignore", error)) co_return false;

  // Where the whole folder is ignored, that is so for the next worktree as well.
  Call ask = git.call({"check-ignore", "--quiet", "--", parent.native()}, "read .gitignore");
  ask.place = *root;
  const auto all_ignored = co_await remembered(git, ask);
  if (!all_ignored) co_return passed_on(all_ignored);
  if (all_ignored->code == 0) co_return false;
  ask.args.back() = worktree.native();
  const auto ignored = co_await git.runner.run(std::move(ask));
  if (!ignored) co_return passed_on(ignored);
  if (ignored->code == 0) co_return false;
  Call list = git.call({"ls-files", "-z", "--", parent.native()}, "list tracked files");
  list.place = *root;
  list.env.emplace_back("GIT_LITERAL_PATHSPECS", "1");
  const auto tracked = co_await git.runner.output(std::move(list));
  if (!tracked) co_return passed_on(tracked);
  if (!tracked->empty()) co_return false;
  const Status hidden = write_file(parent / ".gitignore", "*\n");
  if (!hidden) co_return passed_on(hidden);
  co_return true;
}

Job<bool> make_room(GitContext& git, fs::path path) {
  if (!is_empty_or_missing(path))
    co_return hinted(fail(Fault::Refused, "{} is in the way: it is not a worktree of this run",
                          one_line(path.native())),
                     "move it away, or choose another folder for the worktrees");
  co_return co_await hide_parent(git, std::move(path));
}

/// Where HEAD is in the slot that the task got; nothing: there was none for it.
Job<std::optional<CommitId>> leased_at(GitContext& git, WorktreeSpec spec) {
  const auto room = co_await make_room(git, spec.path);
  if (!room) co_return passed_on(room);
  co_return co_await lease_slot(git, std::move(spec));
}

Job<EnsuredWorktree> new_worktree(GitContext& git, WorktreeSpec spec) {
  EnsuredWorktree ensured;
  const auto there = co_await branch_tip(git, spec.branch);
  if (!there) co_return passed_on(there);
  if (!*there && !spec.pool.folder.empty()) {
    auto leased = co_await leased_at(git, spec);
    if (!leased) co_return passed_on(leased);
    ensured.how = How::Leased;
    if (*leased) ensured.head = std::move(**leased);
    if (*leased) co_return ensured;
  }
  const auto tip = co_await usable_tip(git, spec, false);
  if (!tip) co_return passed_on(tip);
  const auto made = co_await register_at(git, spec.path, spec.start, spec.reason);
  if (!made) co_return passed_on(made);
  const auto narrowed = co_await make_sparse(git, made->admin, spec.sparse);
  if (!narrowed) co_return passed_on(narrowed);
  failpoint("git.worktree_sparse");
  ensured.how = How::Made;
  auto head = co_await check_out(git, spec, *made, *tip);
  if (!head) co_return passed_on(head);
  ensured.head = std::move(*head);
  co_return ensured;
}

}  // namespace

Job<bool> settled(GitContext& git, Place place) {
  for (int look = 0; look < kMostLooks; ++look) {
    if (!is_in_use(place.git_dir / "HEAD.lock", place.git_dir, place.work_tree) &&
        clear_stale_locks(place.git_dir, place.work_tree, Span(0)))
      co_return true;
    (void)co_await loop::pause(git.loop, kLookAgain);  // a pause has no answer worth reading
  }
  co_return fail(Fault::Busy, "git is still at work on {}", one_line(place.work_tree.native()));
}

Job<std::optional<Registration>> own_registration(GitContext& git, fs::path path,
                                                  std::string reason, Search search) {
  for (const Registration& found : candidates(git, path, search)) {
    if (is_being_made(git, found) || !is_remains(found, path, reason)) continue;
    const Place place{found.admin, path};
    const auto settled_down = co_await settled(git, place);
    if (!settled_down) co_return passed_on(settled_down);
    const Status dropped = drop_registration(found);
    if (!dropped) co_return passed_on(dropped);
  }
  auto registration = first_at(candidates(git, path, search), path);
  if (!registration || read_slot_note(registration->admin)) {
    const auto moved = co_await settle_slot(git, path, reason);
    if (!moved) co_return passed_on(moved);
    if (*moved) registration = registration_in(git.git_dir, path);
  }
  if (!registration) co_return std::nullopt;
  if (registration->lock_reason != reason) co_return not_ours(path, registration->lock_reason);
  if (has_mark(registration->admin, StepMark::Removing)) {
    // Its removal was begun, so all that was in it is safe; who asks now finds it half made.
    const Status emptied = clear_mark(registration->admin, StepMark::Ready);
    if (!emptied) co_return passed_on(emptied);
  }
  if (!has_mark(registration->admin, StepMark::Ready)) {
    const Place place{registration->admin, registration->path};
    const auto settled_down = co_await settled(git, place);
    if (!settled_down) co_return passed_on(settled_down);
  }
  co_return registration;
}

Job<EnsuredWorktree> ensure_worktree(GitContext& git, WorktreeSpec spec) {
  const Status name = check_branch(spec.branch);
  if (!name) co_return passed_on(name);
  std::error_code ignored;
  spec.path = fs::weakly_canonical(spec.path, ignored);
  spec.reason = one_line(trim(spec.reason));
  EnsuredWorktree ensured;
  auto there = co_await branch_tip(git, spec.branch);
  if (!there) co_return passed_on(there);
  // Of a task that has no branch as yet, no worktree can have another name.
  const Search search = *there ? Search::All : Search::ByName;
  auto registration = co_await own_registration(git, spec.path, spec.reason, search);
  if (!registration) co_return passed_on(registration);
  if (!*registration) co_return co_await new_worktree(git, std::move(spec));
  if (!is_whole(**registration)) ensured.how = How::Repaired;
  auto head = co_await repaired(git, spec, **registration);
  if (!head) co_return passed_on(head);
  ensured.head = std::move(*head);
  co_return ensured;
}

/// Nothing: git has to make it, which also says what is wrong.
static Job<std::optional<Registration>> registered_by_files(GitContext& git, fs::path path,
                                                            CommitId start, std::string reason) {
  const auto commit = co_await git.objects.look(start.value);
  if (!commit || !*commit || (**commit).type != "commit") co_return std::nullopt;
  co_return register_by_files(git, path, start, reason);
}

Job<Registration> register_at(GitContext& git, fs::path path, CommitId start, std::string reason) {
  const std::string shown = one_line(path.native());
  const auto room = co_await make_room(git, path);
  if (!room) co_return passed_on(room);

  failpoint("git.worktree_add");
  auto written = co_await registered_by_files(git, path, start, reason);
  if (!written) co_return passed_on(written);
  if (*written) {
    failpoint("git.worktree_added");
    co_return std::move(**written);
  }
  Call add = git.call({"worktree", "add", "--detach", "--no-checkout", "--lock", "--reason", reason,
                       "--", path.native(), start.value},
                      "make the worktree " + shown);
  add.live = true;
  const AsyncSemaphore::Lock turn = co_await git.adds.lock();
  git.at_work.insert(path);
  const auto added = co_await git.runner.output(std::move(add));
  git.at_work.erase(path);
  if (!added) {
    const auto commit = co_await resolve(git, start.value);
    if (commit && !*commit)
      co_return fail(Fault::NotFound, "there is no commit {}", one_line(start.value, 80));
    co_return passed_on(added);
  }
  failpoint("git.worktree_added");
  auto registration = registration_in(git.git_dir, path);
  if (!registration) co_return fail(Fault::Io, "git made no worktree at {}", shown);
  co_return std::move(*registration);
}

Job<CommitId> fill_worktree(GitContext& git, Registration registration) {
  const Status linked = linked_folder(registration);
  if (!linked) co_return passed_on(linked);
  const Place place{registration.admin, registration.path};
  if (!has_mark(registration.admin, StepMark::Ready)) {
    failpoint("git.worktree_fill");
    Call checkout = git.call({"reset", "--hard", "--quiet", "HEAD"},
                             "check out " + one_line(registration.path.native()));
    checkout.place = place;
    checkout.timeout = kCheckoutTime;
    const auto filled = co_await git.runner.output(std::move(checkout));
    if (!filled) co_return passed_on(filled);
    const Status marked = mark_ready(registration.admin);
    if (!marked) co_return passed_on(marked);
  }
  Call ask = git.call({"rev-parse", "--verify", "HEAD"}, "read HEAD");
  ask.place = place;
  auto head = co_await git.line(std::move(ask));
  if (!head) co_return passed_on(head);
  co_return CommitId{std::move(*head)};
}

}  // namespace orch::git
