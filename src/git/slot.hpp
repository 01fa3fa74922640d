#pragma once
// What is kept about a slot: a worktree that no task has, checked out and clean, for the next one.
//
//   <worktrees>/.pool/<name>         its folder while it is parked
//   <git dir>/worktrees/<name>/      git's folder of it, for as long as it is a slot
//   .../locked                       kPoolReason while it is parked, else the reason of its task
//   .../orch-slot                    the note below: it is parked, or on its way there or from
//   there
//
// All moves of a slot go by renames, in an order in which each state can be told from the files.
#include "git/registration.hpp"
#include "orch/base/result.hpp"
#include "orch/core/ids.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orch::git {

/// Nobody else gives a worktree this reason: what has it may be taken or removed at any time.
inline constexpr std::string_view kPoolReason = "tmux-orch pool";
/// The same for a slot that was changed by hand: it is never used again, and stays for the user.
inline constexpr std::string_view kAsideReason = "tmux-orch pool: changed by hand, not used again";

struct SlotNote {
  std::filesystem::path home;     ///< its folder while it is parked
  std::filesystem::path to;       ///< where it goes to; empty: it is parked, or on its way there
  CommitId commit;                ///< what is checked out
  CommitId start;                 ///< what it is being brought to
  std::string settings;           ///< of what the checkout was made by: see settings_print()
  std::vector<std::string> keep;  ///< PoolPlan::keep
  std::string print;              ///< SlotLook::print when it was ready; empty: it is not
  std::string index;              ///< the same of git's index
};

struct Slot {
  Registration registration;
  SlotNote note;

  bool is_of_pool() const { return registration.lock_reason == kPoolReason; }

  bool is_parked() const { return is_of_pool() && !note.print.empty(); }
};

/// All worktrees that have a note, in the order of their names.
std::vector<Slot> slots(const std::filesystem::path& git_dir);
/// Those in that folder of a pool, in the order of their names: parked, or made or brought to a
/// commit but not ready. The worktrees that tasks have are not read.
std::vector<Slot> slots_in(const std::filesystem::path& git_dir,
                           const std::filesystem::path& folder);
/// How many are parked in that folder.
std::size_t parked_in(const std::filesystem::path& git_dir, const std::filesystem::path& folder);
std::optional<SlotNote> read_slot_note(const std::filesystem::path& admin);
Status write_slot_note(const std::filesystem::path& admin, const SlotNote& note);
/// From here on it is an ordinary worktree.
Status drop_slot_note(const std::filesystem::path& admin);

/// A name that no slot has: of the folder in the pool, and of git's folder.
std::string free_slot_name(const std::filesystem::path& git_dir, const std::filesystem::path& pool);
/// Renames the worktree's folder and has git's files say so. What an earlier try did is not done
/// again. Fault::Conflict: something is there already.
Status move_worktree_folder(Registration& registration, const std::filesystem::path& to);
/// Renames git's folder of the worktree, which lies at registration.path.
Status rename_registration(Registration& registration, const std::string& name);
/// Removes what git and agents left there, all but what a worktree needs: logs, unfinished merges,
/// refs of the worktree's own.
Status strip_registration(const Registration& registration);
/// Says why a worktree with that folder of git's cannot become a slot; empty: it can.
std::string unfit_for_pool(const Registration& registration);

/// Size, times and inode; of an index, that it was not written since.
std::string stamp_of_file(const std::filesystem::path& file);

}  // namespace orch::git
