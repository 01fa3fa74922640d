#pragma once
// What makes a slot ready to be leased: the proof that it is as a fresh checkout, and that it still
// is as it was then.
#include "git/context.hpp"
#include "git/slot.hpp"
#include "git/slot_files.hpp"
#include "git/values.hpp"

#include <filesystem>
#include <set>
#include <vector>

namespace orch::git {

/// A slot that is worked on is nobody else's meanwhile.
class HeldSlot {
 public:
  HeldSlot(GitContext& git, std::filesystem::path admin);
  HeldSlot(const HeldSlot&) = delete;
  HeldSlot& operator=(const HeldSlot&) = delete;
  ~HeldSlot();

 private:
  std::set<std::filesystem::path>& held_;
  std::filesystem::path admin_;
};

/// Those in the pool that are parked and were made under the settings of now.
std::vector<Slot> usable_slots(const GitContext& git, const PoolPlan& pool);

/// Is it as it was when it was made ready? Told at once where it was watched since.
Job<bool> is_untouched(GitContext& git, Slot slot);

/// Forgets a slot of which the folder was deleted, and sets others aside for the user.
Status put_aside(GitContext& git, const Slot& slot);
/// Removes a slot in which nothing of anybody's is. Its folder waits in the trash to be deleted.
Status throw_away(GitContext& git, const Slot& slot, const std::filesystem::path& trash);

/// A slot's own folder of git's says where it is and what is checked out: from here on it can be
/// leased. `look` is over its files, and `watches` were made meanwhile.
Status make_ready(GitContext& git, const Registration& registration, SlotNote note,
                  const SlotLook& look, FolderWatches watches);

}  // namespace orch::git
