// Proves that slots are as fresh checkouts.
#include "git/slot_ready.hpp"

#include "git/queries.hpp"
#include "git/saved.hpp"
#include "orch/base/files.hpp"

#include <system_error>
#include <utility>

namespace orch::git {

namespace fs = std::filesystem;

static constexpr std::size_t kLongestPointer = 64u << 10;

HeldSlot::HeldSlot(GitContext& git, fs::path admin) : held_(git.at_work), admin_(std::move(admin)) {
  held_.insert(admin_);
}

HeldSlot::~HeldSlot() {
  held_.erase(admin_);
}

std::vector<Slot> usable_slots(const GitContext& git, const PoolPlan& pool) {
  std::vector<Slot> usable = slots_in(git.git_dir, pool.folder);
  const std::string settings = settings_print(git);
  std::erase_if(usable, [&](const Slot& slot) {
    return !slot.is_parked() || slot.note.settings != settings || slot.note.keep != pool.keep;
  });
  return usable;
}

/// Its index says nothing but what HEAD does; a `git status` by hand writes it again.
static Job<bool> has_plain_index(GitContext& git, Slot slot) {
  if (stamp_of_file(slot.registration.admin / "index") == slot.note.index) co_return true;
  const auto status = co_await look_at(git, slot.registration.path);
  if (!status) co_return passed_on(status);
  // What is ignored is looked at with all other files.
  co_return status->files && status->files->complete && !status->files->staged &&
      status->files->changed.empty() && status->files->untracked.empty();
}

Job<bool> is_untouched(GitContext& git, Slot slot) {
  const Registration& registration = slot.registration;
  if (registration.head != slot.note.commit.value) co_return false;
  if (!is_real_folder(registration.path)) co_return false;
  const Result<std::string> pointer = read_file(registration.path / ".git", kLongestPointer);
  if (!pointer || *pointer != pointer_to(registration.admin)) co_return false;
  const auto plain = co_await has_plain_index(git, slot);
  if (!plain || !*plain) co_return plain;
  if (git.watch.is_quiet(registration.admin, registration.path)) co_return true;
  const auto look = co_await look_over(git, registration.path, slot.note.keep);
  if (!look) co_return passed_on(look);
  co_return look->print == slot.note.print;
}

Status put_aside(GitContext& git, const Slot& slot) {
  git.watch.end(slot.registration.admin);
  if (!is_real_folder(slot.registration.path)) return drop_registration(slot.registration);
  return write_file(slot.registration.admin / "locked", kAsideReason);
}

Status throw_away(GitContext& git, const Slot& slot, const fs::path& trash) {
  git.watch.end(slot.registration.admin);
  const Result<fs::path> room = Trash(trash).room_for_gone();
  if (!room) return passed_on(room);
  std::error_code error;
  fs::rename(slot.registration.path, *room, error);
  if (error)
    return errno_failure(error.value(), "cannot remove " + slot.registration.path.native());
  return drop_registration(slot.registration);
}

Status make_ready(GitContext& git, const Registration& registration, SlotNote note,
                  const SlotLook& look, FolderWatches watches) {
  note.print = look.print;
  note.index = stamp_of_file(registration.admin / "index");
  if (Status noted = write_slot_note(registration.admin, note); !noted) return noted;
  Status done = clear_mark(registration.admin, StepMark::Removing);
  if (done) done = write_file(registration.admin / "locked", kPoolReason);
  if (done) git.watch.begin(registration.admin, registration.path, std::move(watches));
  return done;
}

}  // namespace orch::git
