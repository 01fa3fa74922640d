// Leases slots, and puts right what a kill left half-way. The order of the steps makes each state
// that a kill can leave one that settle_slot() knows:
//
//   lease   note.to = path; the reason of the task; the folder moves; git's pointer: from here on
//           it is a worktree of the task, which is not whole while it has a note; the branch; HEAD
//           names it; StepMark::Ready is of now; the note goes.
//   park    StepMark::Removing (all is saved); HEAD, files; the note, with a home; git's folder is
//           renamed; the folder moves; git's pointer; the note; kPoolReason.
#include "git/pool.hpp"

#include "git/made_by_set_up.hpp"
#include "git/queries.hpp"
#include "git/saved.hpp"
#include "git/slot.hpp"
#include "git/slot_ahead.hpp"
#include "git/slot_files.hpp"
#include "git/slot_ready.hpp"
#include "git/task_branch.hpp"
#include "git/worktrees.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <ctime>
#include <set>
#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

/// Those at `start` first, and of these those that have what a set-up made: to make it takes longer
/// than to check out files.
std::vector<Slot> in_order(std::vector<Slot> usable, const CommitId& start) {
  std::ranges::stable_partition(
      usable, [](const Slot& slot) { return !made_roots(slot.registration.admin).empty(); });
  std::ranges::stable_partition(usable,
                                [&start](const Slot& slot) { return slot.note.commit == start; });
  return usable;
}

/// As git itself writes it for a new worktree.
Status write_head_log(const Registration& registration, const WorktreeSpec& spec) {
  const std::string zeros(spec.start.value.size(), '0');
  const std::string who =
      fmt::format("tmux-orch <tmux-orch@localhost> {} +0000", std::time(nullptr));
  const std::string& start = spec.start.value;
  if (Status made = make_folders(registration.admin / "logs"); !made) return made;
  return write_file(registration.admin / "logs/HEAD",
                    fmt::format("{0} {1} {2}\n{1} {1} {2}\tcheckout: moving from {1} to {3}\n",
                                zeros, start, who, spec.branch));
}

/// The slot is the task's from here on, without a branch as yet.
Status hand_over(GitContext& git, Slot& slot, const WorktreeSpec& spec) {
  Registration& registration = slot.registration;
  git.watch.end(registration.admin);
  // Nothing in it was touched until now. Git reads all files that may have been written after their
  // index was, and a checkout writes both within the same second.
  (void)::utimensat(AT_FDCWD, (registration.admin / "index").c_str(), nullptr, 0);
  slot.note.to = spec.path;
  slot.note.start = spec.start;
  Status done = write_slot_note(registration.admin, slot.note);
  if (!done) return done;
  failpoint("git.slot_taken");
  done = write_file(registration.admin / "locked", spec.reason);
  if (!done) return done;
  registration.locked = true;
  registration.lock_reason = spec.reason;
  failpoint("git.slot_leased");
  done = move_worktree_folder(registration, spec.path);
  if (!done) return done;
  failpoint("git.slot_moved");
  return {};
}

enum class Which { AtStart, Any };

/// The first that is untouched and can be brought to spec.start is the task's from here on; those
/// that were changed are none any more.
Job<std::optional<Slot>> take_slot(GitContext& git, WorktreeSpec spec, Which which) {
  for (Slot& slot : in_order(usable_slots(git, spec.pool), spec.start)) {
    const fs::path admin = slot.registration.admin;
    if (git.at_work.contains(admin)) continue;
    if (which == Which::AtStart && slot.note.commit != spec.start) continue;
    const HeldSlot held(git, admin);
    if (slot.note.commit != spec.start) {
      const auto same = co_await same_attributes(git, slot.note.commit, spec.start);
      if (!same || !*same) continue;
      const auto in_the_way = co_await is_made_in_the_way(git, slot.registration, spec.start);
      if (!in_the_way || *in_the_way) continue;
    }
    const auto untouched = co_await is_untouched(git, slot);
    if (!untouched) continue;
    const Status done = *untouched ? hand_over(git, slot, spec) : put_aside(git, slot);
    if (!done) co_return passed_on(done);
    if (slot.registration.path == spec.path) co_return std::move(slot);
  }
  co_return std::nullopt;
}

Status give_branch(Slot& slot, const WorktreeSpec& spec) {
  const fs::path& admin = slot.registration.admin;
  Status done = write_head_log(slot.registration, spec);
  if (done) done = write_file(admin / "HEAD", "ref: refs/heads/" + spec.branch + '\n');
  if (done) done = renew_mark(admin, StepMark::Ready);
  return done ? drop_slot_note(admin) : done;
}

}  // namespace

Job<std::optional<CommitId>> lease_slot(GitContext& git, WorktreeSpec spec) {
  if (spec.pool.folder.empty()) co_return std::nullopt;
  auto slot = co_await take_slot(git, spec, Which::AtStart);
  if (slot && !*slot) {
    // One that is being prepared is ready sooner than a worktree that is begun now.
    { const AsyncSemaphore::Lock prepared = co_await git.prepares.lock(); }
    slot = co_await take_slot(git, spec, Which::Any);
  }
  if (!slot) co_return passed_on(slot);
  if (!*slot) co_return std::nullopt;
  const auto brought =
      co_await bring_files(git, (**slot).registration, (**slot).note.commit, spec.start);
  if (!brought) co_return passed_on(brought);
  const auto branch = co_await ensure_branch(git, spec.branch, spec.start);
  if (!branch) co_return passed_on(branch);
  failpoint("git.slot_branch");
  const Status done = give_branch(**slot, spec);
  if (!done) co_return passed_on(done);
  co_return spec.start;
}

Job<bool> settle_slot(GitContext& git, fs::path path, std::string reason) {
  for (Slot& slot : slots(git.git_dir)) {
    Registration& registration = slot.registration;
    if (registration.lock_reason != reason) continue;
    const bool is_lease = slot.note.to == path;
    const bool is_parking = slot.note.to.empty();
    if (!is_lease && !is_parking) continue;
    const Place place{registration.admin, registration.path};
    const auto quiet = co_await settled(git, place);
    if (!quiet) co_return passed_on(quiet);
    // Either way it is the task's once more, at its place, and nobody's work is in it.
    Status done = clear_mark(registration.admin, StepMark::Ready);
    if (done && !is_real_folder(registration.path) && is_real_folder(slot.note.home))
      done = move_worktree_folder(registration, slot.note.home);
    if (done) done = move_worktree_folder(registration, path);
    if (done) done = replace_pointer(path, registration.admin);
    if (done && is_lease)
      done = write_file(registration.admin / "HEAD", slot.note.start.value + '\n');
    if (done) done = drop_slot_note(registration.admin);
    if (!done) co_return passed_on(done);
    co_return true;
  }
  co_return false;
}

/// What a killed git left of a slot that it was making, without a folder.
static void drop_remains(GitContext& git) {
  for (const Registration& found : registrations(git.git_dir)) {
    if (found.lock_reason != kPoolReason || git.at_work.contains(found.path)) continue;
    if (!is_real_folder(found.path)) (void)drop_registration(found);  // or the next run does
  }
}

Job<std::size_t> shrink_pool(GitContext& git, PoolPlan pool, fs::path trash) {
  const AsyncSemaphore::Lock alone = co_await git.prepares.lock();
  const auto settled = co_await settle_half_made(git, pool.folder, trash);
  if (!settled) co_return passed_on(settled);
  drop_remains(git);
  std::size_t left = parked_in(git.git_dir, pool.folder);
  std::size_t gone = 0;
  const std::string settings = settings_print(git);
  for (const Slot& slot : slots_in(git.git_dir, pool.folder)) {
    // No task can have one that was made under other settings: it would only take the room.
    const bool useful = slot.note.settings == settings && slot.note.keep == pool.keep;
    if (useful && left <= pool.most) continue;
    if (!slot.is_parked() || git.at_work.contains(slot.registration.admin)) continue;
    const HeldSlot held(git, slot.registration.admin);
    --left;
    const auto untouched = co_await is_untouched(git, slot);
    if (!untouched || !*untouched) continue;
    const Status removed = throw_away(git, slot, trash);
    if (!removed) co_return passed_on(removed);
    ++gone;
  }
  co_return gone;
}

}  // namespace orch::git
