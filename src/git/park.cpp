// Parks worktrees whose task is over. See git/pool.cpp for the order of the steps.
#include "git/heads.hpp"
#include "git/index_marks.hpp"
#include "git/locks.hpp"
#include "git/made_by_set_up.hpp"
#include "git/parse.hpp"
#include "git/pool.hpp"
#include "git/queries.hpp"
#include "git/reset.hpp"
#include "git/saved.hpp"
#include "git/slot.hpp"
#include "git/slot_files.hpp"
#include "git/slot_ready.hpp"
#include "loop/off_loop.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <functional>
#include <set>
#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr Span kCheckoutTime = std::chrono::minutes(15);
constexpr Span kLookAgain = std::chrono::milliseconds(20);
constexpr int kMostLooks = 10;

/// What proves that a worktree is as a fresh checkout, and the watches made meanwhile.
struct Proof {
  SlotLook look;
  std::shared_ptr<FolderWatches> watches;
};

/// A worktree whose files are at `tip` and whose HEAD names that commit becomes a slot.
Status move_home(GitContext& git, Registration& registration, SlotNote note, Proof proof) {
  Status done = write_slot_note(registration.admin, note);
  if (!done) return done;
  failpoint("git.slot_parking");
  done = rename_registration(registration, note.home.filename());
  if (done) done = move_worktree_folder(registration, note.home);
  if (!done) return done;
  failpoint("git.slot_home");
  return make_ready(git, registration, std::move(note), proof.look, std::move(*proof.watches));
}

bool same_disk(const fs::path& one, const fs::path& other) {
  struct stat a {};

  struct stat b {};

  return ::stat(one.c_str(), &a) == 0 && ::stat(other.c_str(), &b) == 0 && a.st_dev == b.st_dev;
}

/// Is somebody at work in the folder, and no agent that is just ending?
loop::Job<bool> stays_entered(GitContext& git, fs::path folder) {
  for (int look = 0; look < kMostLooks; ++look) {
    std::function<bool()> ask = [folder] { return is_entered(folder); };
    if (!co_await loop::off_loop<bool>(git.loop, std::move(ask))) co_return false;
    (void)co_await loop::pause(git.loop, kLookAgain);  // a pause has no answer worth reading
  }
  co_return true;
}

/// Why it cannot be parked; empty: it can.
Job<std::string> reason_not_to(GitContext& git, RemoveRequest request, Registration registration) {
  if (request.pool.most == 0 || request.pool.tip.empty()) co_return std::string("no pool");
  if (!registration.sound() || !is_real_folder(registration.path))
    co_return std::string("it is not whole");
  std::string unfit = unfit_for_pool(registration);
  if (unfit.empty()) unfit = named_by_set_up(registration.admin);
  if (!unfit.empty()) co_return unfit;
  if (parked_in(git.git_dir, request.pool.folder) >= request.pool.most)
    co_return std::string("the pool is full");
  if (const Status made = make_folders(request.pool.folder, 0700); !made)
    co_return made.error().what;
  if (!same_disk(request.pool.folder, registration.path))
    co_return std::string("the pool is on another disk");
  const std::vector<HeadMove> moves = head_moves(Place{registration.admin, registration.path});
  if (moves.empty()) co_return std::string("nobody knows where it began");
  const auto same = co_await same_attributes(git, moves.front().to, request.pool.tip);
  if (!same || !*same) co_return std::string("attributes or submodules have changed since");
  if (co_await stays_entered(git, registration.path))
    co_return std::string("a program is at work in it");
  co_return std::string();
}

timespec ready_since(const Registration& registration) {
  struct stat info {};

  // Without the mark all counts as touched.
  if (::stat((registration.admin / "orch-ready").c_str(), &info) != 0) return {};
  return info.st_mtim;
}

/// As a checkout of some commit leaves it, or why not.
struct Cleaned {
  CommitId at;
  SeenFiles seen;
  TrashEntry kept;
};

/// Less ignored files that are to stay.
SeenFiles without(SeenFiles seen, const std::vector<std::string>& keep) {
  std::erase_if(seen.ignored, [&keep](const std::string& path) { return is_within(path, keep); });
  return seen;
}

/// A worktree in which nothing but its commit is, is left as it is; all others are brought to the
/// tip, and what is more in them goes to the trash; so does `more` of what stays.
Job<Cleaned> clean(GitContext& git, RemoveRequest request, Registration registration, CommitId head,
                   std::vector<std::string> more) {
  const fs::path head_file = registration.admin / "HEAD";
  const CommitId tip = request.pool.tip;
  Cleaned cleaned;
  if (request.seen) cleaned.seen = without(std::move(*request.seen), request.pool.keep);
  if (cleaned.seen.is_spotless() && !head.empty() && more.empty()) {
    cleaned.at = std::move(head);
    const Status detached = write_file(head_file, tip.value + '\n');
    if (!detached) co_return passed_on(detached);
    co_return cleaned;
  }
  ResetRequest reset;
  reset.path = request.path;
  reset.commit = tip;
  reset.expected = request.saved;
  reset.trash = request.trash;
  reset.keep = request.pool.keep;
  reset.more = std::move(more);
  Status done = drop_operation(registration.admin);
  if (done) done = write_file(head_file, tip.value + '\n');
  if (!done) co_return passed_on(done);
  auto kept = co_await reset_files(git, std::move(reset), registration);
  if (!kept) co_return passed_on(kept);
  cleaned.kept = std::move(*kept);
  cleaned.at = tip;
  const auto marks = read_index_marks(registration.admin / "index");
  if (!marks || marks->hides) {
    const auto filled = co_await fresh_index(git, registration, tip);
    if (!filled) co_return passed_on(filled);
  }
  const auto status = co_await look_at(git, registration.path);
  if (!status) co_return passed_on(status);
  if (status->files) cleaned.seen = without(*status->files, request.pool.keep);
  co_return cleaned;
}

/// By the file system: no file but those of the index, none with anything that a checkout does not
/// give, none touched since git looked, less those that we wrote.
Job<Proof> proved(GitContext& git, Registration registration, Cleaned cleaned, CommitId tip,
                  std::vector<std::string> keep) {
  const Tidying tidying{
      .mask = current_umask(), .since = ready_since(registration), .seen = cleaned.seen.began};
  Proof proof;
  proof.watches = std::make_shared<FolderWatches>(git.watch.folders(registration.path));
  auto look = co_await look_over(git, registration.path, keep, tidying, proof.watches);
  if (!look) co_return passed_on(look);
  const auto marks = read_index_marks(registration.admin / "index");
  const auto written = co_await changed_files(git, cleaned.at, tip);
  if (!written) co_return passed_on(written);
  const std::set<std::string> ours(written->begin(), written->end());
  const bool only_ours = std::ranges::all_of(
      look->late, [&ours](const std::string& path) { return ours.contains(path); });
  proof.look = std::move(*look);
  if (proof.look.odd.empty() && (!marks || marks->entries != proof.look.files))
    proof.look.odd = "it has files that git does not know";
  if (proof.look.odd.empty() && !only_ours) proof.look.odd = "it was written to meanwhile";
  if (!proof.look.odd.empty()) co_return proof;
  // A git under other settings writes other bytes, and an index that calls them unchanged.
  const auto as_stored = co_await are_as_stored(git, registration.path, tip, proof.look.touched);
  if (!as_stored) co_return passed_on(as_stored);
  if (*as_stored) co_return proof;
  const auto again = co_await write_again(git, registration, proof.look.touched);
  if (!again) co_return passed_on(again);
  proof.watches->clear();
  auto last = co_await look_over(git, registration.path, std::move(keep));
  if (!last) co_return passed_on(last);
  if (last->files != proof.look.files) last->odd = "it was written to meanwhile";
  proof.look = std::move(*last);
  co_return proof;
}

/// From here on, what was made is watched and looked at like all other files. `keep`: what is not;
/// `before`: what was not until now.
Job<Proof> with_made(GitContext& git, Registration registration, Proof proof,
                     std::vector<std::string> keep, std::vector<std::string> before) {
  Proof all;
  proof.watches->clear();
  all.watches = std::make_shared<FolderWatches>(git.watch.folders(registration.path));
  auto look =
      co_await look_over(git, registration.path, std::move(keep), std::nullopt, all.watches);
  if (!look) co_return passed_on(look);
  const auto others = co_await look_over(git, registration.path, std::move(before));
  if (!others) co_return passed_on(others);
  all.look = std::move(*look);
  if (others->print != proof.look.print) all.look.odd = "it was written to meanwhile";
  co_return all;
}

}  // namespace

Job<Parked> park_worktree(GitContext& git, RemoveRequest request, Registration registration,
                          CommitId head) {
  Parked parked;
  auto why_not = co_await reason_not_to(git, request, registration);
  if (!why_not) co_return passed_on(why_not);
  parked.why_not = std::move(*why_not);
  if (!parked.why_not.empty()) co_return parked;

  const Status marked = set_mark(registration.admin, StepMark::Removing);
  if (!marked) co_return passed_on(marked);
  failpoint("git.slot_park");
  auto made = co_await made_to_keep(git, registration, request.pool.tip);
  if (!made) co_return passed_on(made);
  const std::vector<std::string> keep = request.pool.keep;
  request.pool.keep.insert(request.pool.keep.end(), made->roots.begin(), made->roots.end());
  auto cleaned = co_await clean(git, request, registration, std::move(head), std::move(made->more));
  if (!cleaned) co_return passed_on(cleaned);
  parked.kept = std::move(cleaned->kept);
  parked.at_tip = cleaned->at == request.pool.tip;
  if (!cleaned->seen.is_spotless()) parked.why_not = "it is not as it was checked out";
  if (!parked.why_not.empty()) co_return parked;
  const auto brought = co_await bring_files(git, registration, cleaned->at, request.pool.tip);
  if (!brought) co_return passed_on(brought);
  parked.at_tip = true;
  auto proof =
      co_await proved(git, registration, std::move(*cleaned), request.pool.tip, request.pool.keep);
  if (!proof) co_return passed_on(proof);
  parked.why_not = std::move(proof->look.odd);
  if (!made->roots.empty() && parked.why_not.empty()) {
    proof = co_await with_made(git, registration, std::move(*proof), keep, request.pool.keep);
    if (!proof) co_return passed_on(proof);
    parked.why_not = proof->look.odd;
  }
  const Status stripped = strip_registration(registration);
  if (!stripped) co_return passed_on(stripped);
  const std::string name = free_slot_name(git.git_dir, request.pool.folder);
  if (!parked.why_not.empty() || name.empty()) co_return parked;
  SlotNote note;
  note.home = request.pool.folder / name;
  note.commit = request.pool.tip;
  note.settings = settings_print(git);
  note.keep = keep;
  const Status home = move_home(git, registration, std::move(note), std::move(*proof));
  if (!home) co_return passed_on(home);
  parked.parked = true;
  co_return parked;
}

}  // namespace orch::git
