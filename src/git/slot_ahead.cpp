// Makes slots ready ahead of the tasks that will want them. The order of the steps:
//
//   bring   the note loses its print: it is not ready; the files; HEAD; the note as when parked
//   make    git's folder of it, with kPoolReason from the first moment on; a note without a print;
//           the files; the note as when parked
#include "git/slot_ahead.hpp"

#include "git/index_marks.hpp"
#include "git/made_by_set_up.hpp"
#include "git/objects.hpp"
#include "git/parse.hpp"
#include "git/queries.hpp"
#include "git/slot_ready.hpp"
#include "git/worktrees.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/files.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

Failure unfit(const Registration& registration, std::string_view why) {
  return fail(Fault::Refused, "{} cannot be kept: {}", registration.path.native(), why);
}

/// Proves what git has just written.
Job<bool> finish(GitContext& git, Registration registration, SlotNote note) {
  const auto watches = std::make_shared<FolderWatches>(git.watch.folders(registration.path));
  const auto look = co_await look_over(git, registration.path, note.keep, std::nullopt, watches);
  if (!look) co_return passed_on(look);
  std::size_t files = look->files;
  std::vector<std::string> others = made_roots(registration.admin);
  if (!others.empty()) {
    others.insert(others.end(), note.keep.begin(), note.keep.end());
    const auto tracked = co_await look_over(git, registration.path, std::move(others));
    if (!tracked) co_return passed_on(tracked);
    files = tracked->files;
  }
  const auto marks = read_index_marks(registration.admin / "index");
  if (!marks || marks->entries != files) co_return unfit(registration, "git left other files");
  const Status ready = make_ready(git, registration, std::move(note), *look, std::move(*watches));
  if (!ready) co_return passed_on(ready);
  co_return true;
}

Job<bool> bring(GitContext& git, Slot slot, CommitId tip) {
  const Registration registration = slot.registration;
  git.watch.end(registration.admin);
  slot.note.print.clear();
  slot.note.start = tip;
  const Status begun = write_slot_note(registration.admin, slot.note);
  if (!begun) co_return passed_on(begun);
  failpoint("git.slot_bringing");
  const auto brought = co_await bring_files(git, registration, slot.note.commit, tip);
  if (!brought) co_return passed_on(brought);
  const Status head = write_file(registration.admin / "HEAD", tip.value + '\n');
  if (!head) co_return passed_on(head);
  failpoint("git.slot_brought");
  slot.note.commit = tip;
  slot.note.start = {};
  co_return co_await finish(git, registration, std::move(slot.note));
}

/// Brings one that is parked elsewhere to the tip; false: there is none.
Job<bool> bring_one(GitContext& git, std::vector<Slot> parked, CommitId tip) {
  for (Slot& slot : parked) {
    if (slot.note.commit == tip || git.at_work.contains(slot.registration.admin)) continue;
    const HeldSlot held(git, slot.registration.admin);
    const auto same = co_await same_attributes(git, slot.note.commit, tip);
    if (!same) co_return passed_on(same);
    if (!*same) continue;
    const auto in_the_way = co_await is_made_in_the_way(git, slot.registration, tip);
    if (!in_the_way) co_return passed_on(in_the_way);
    if (*in_the_way) continue;
    const auto untouched = co_await is_untouched(git, slot);
    if (!untouched) co_return passed_on(untouched);
    if (*untouched) co_return co_await bring(git, std::move(slot), std::move(tip));
    const Status aside = put_aside(git, slot);
    if (!aside) co_return passed_on(aside);
  }
  co_return false;
}

Job<bool> has_submodules(GitContext& git, CommitId commit) {
  std::vector<std::string> paths(1, ".gitmodules");
  const auto entries = co_await tree_entries(git, commit.value, std::move(paths));
  if (!entries) co_return passed_on(entries);
  co_return !entries->empty();
}

Job<bool> make_one(GitContext& git, PoolPlan pool) {
  const auto submodules = co_await has_submodules(git, pool.tip);
  if (!submodules) co_return passed_on(submodules);
  const std::string name = free_slot_name(git.git_dir, pool.folder);
  if (*submodules || name.empty()) co_return false;
  const Status room = make_folders(pool.folder, 0700);
  if (!room) co_return passed_on(room);
  const HeldSlot held(git, git.git_dir / "worktrees" / name);
  SlotNote note;
  note.home = pool.folder / name;
  note.commit = pool.tip;
  note.settings = settings_print(git);
  note.keep = pool.keep;
  std::string reason(kPoolReason);
  const auto made = co_await register_at(git, note.home, pool.tip, std::move(reason));
  if (!made) co_return passed_on(made);
  const Status noted = write_slot_note(made->admin, note);
  if (!noted) co_return passed_on(noted);
  failpoint("git.slot_making");
  const auto filled = co_await fill_worktree(git, *made);
  if (!filled) co_return passed_on(filled);
  const Status stripped = strip_registration(*made);
  if (!stripped) co_return passed_on(stripped);
  const std::string why_not = unfit_for_pool(*made);
  if (!why_not.empty()) co_return unfit(*made, why_not);
  failpoint("git.slot_made");
  co_return co_await finish(git, *made, std::move(note));
}

/// The files that are there and that its index, or HEAD, does not have like this.
std::vector<std::string> strange_files(const Slot& slot, const SeenFiles& seen,
                                       const std::vector<std::string>& made) {
  std::vector<std::string> strange;
  for (const auto* paths : {&seen.changed, &seen.untracked, &seen.ignored}) {
    for (const std::string& path : *paths) {
      std::error_code ignored;
      const bool is_there = fs::exists(fs::symlink_status(slot.registration.path / path, ignored));
      const bool is_known = is_within(path, slot.note.keep) || is_within(path, made);
      if (is_there && !is_known) strange.push_back(path);
    }
  }
  return strange;
}

/// All in it is what git wrote, or was about to replace.
Job<bool> is_only_ours(GitContext& git, Slot slot) {
  const Registration& registration = slot.registration;
  const CommitId at{registration.head};
  std::error_code ignored;
  if (fs::is_empty(registration.path, ignored) && !ignored) co_return true;
  if (!fs::exists(registration.admin / "index", ignored)) {
    const auto filled = co_await fresh_index(git, registration, at);
    if (!filled) co_return passed_on(filled);
  }
  const auto status = co_await look_at(git, registration.path);
  if (!status) co_return passed_on(status);
  if (!status->files) co_return false;
  const auto untouched = co_await is_made_untouched(git, registration);
  if (!untouched || !*untouched) co_return untouched;
  const std::vector<std::string> made = made_roots(registration.admin);
  const CommitId written = slot.note.start.empty() ? at : slot.note.start;
  co_return co_await are_as_stored(git, registration.path, written,
                                   strange_files(slot, *status->files, made), Stored::Begun);
}

}  // namespace

Job<bool> prepare_slot(GitContext& git, PoolPlan pool, SlotsAhead wanted, fs::path trash) {
  const AsyncSemaphore::Lock alone = co_await git.prepares.lock();
  const auto settled_all = co_await settle_half_made(git, pool.folder, std::move(trash));
  if (!settled_all) co_return passed_on(settled_all);
  std::vector<Slot> parked = usable_slots(git, pool);
  const auto at_tip =
      std::ranges::count(parked, pool.tip, [](const Slot& slot) { return slot.note.commit; });
  if (static_cast<std::size_t>(at_tip) >= wanted.at_tip) co_return false;
  const auto brought = co_await bring_one(git, std::move(parked), pool.tip);
  if (!brought || *brought) co_return brought;
  if (usable_slots(git, pool).size() >= wanted.in_all) co_return false;
  co_return co_await make_one(git, std::move(pool));
}

Job<bool> settle_half_made(GitContext& git, fs::path pool, fs::path trash) {
  for (const Slot& slot : slots_in(git.git_dir, pool)) {
    const Registration& registration = slot.registration;
    if (!slot.is_of_pool() || slot.is_parked() || git.at_work.contains(registration.admin))
      continue;
    const HeldSlot held(git, registration.admin);
    const Place place{registration.admin, registration.path};
    const auto quiet = co_await settled(git, place);
    if (!quiet) co_return passed_on(quiet);
    const auto ours = co_await is_only_ours(git, slot);
    const bool may_go = ours && *ours;
    const Status done = may_go ? throw_away(git, slot, trash) : put_aside(git, slot);
    if (!done) co_return passed_on(done);
  }
  co_return true;
}

}  // namespace orch::git
