#pragma once
// What git keeps about a linked worktree, read from the files themselves: gitrepository-layout(5).
//
// `git worktree list` cannot tell a worktree whose creation was killed from a sound one, and finds
// nothing where the first file is missing; recovery needs both.
#include "git/values.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orch::git {

struct Registration {
  std::filesystem::path admin;  ///< <git dir>/worktrees/<name>
  std::filesystem::path path;   ///< the folder; empty: git was killed before it wrote that down
  bool locked = false;
  std::string lock_reason;
  std::string head;  ///< text of HEAD: a commit id or "ref: refs/heads/..."

  /// HEAD and the way to the shared folder are written: git commands work on it.
  bool sound() const;
  /// Its lock reason says that a run of ours made it.
  bool is_ours() const;
  /// "refs/heads/x" to "x"; empty when detached.
  std::string branch() const;
};

/// What the `.git` file of a worktree says.
std::string pointer_to(const std::filesystem::path& admin);
/// Puts that into the place of the `.git` file of a worktree.
Status replace_pointer(const std::filesystem::path& worktree, const std::filesystem::path& admin);
/// Of a folder of git's, whatever is there.
Registration read_registration(const std::filesystem::path& admin);
/// Where git keeps each of them: `Registration::admin`.
std::vector<std::filesystem::path> registered_folders(const std::filesystem::path& git_dir);
std::vector<Registration> registrations(const std::filesystem::path& git_dir);
/// Those that git may have named after a worktree at `path`; the others are not read.
std::vector<Registration> registrations_named_after(const std::filesystem::path& git_dir,
                                                    const std::filesystem::path& path);
/// Of the worktree at `path`, as its `.git` file says and git's folder confirms. Nothing also where
/// there is no such file.
std::optional<Registration> registration_in(const std::filesystem::path& git_dir,
                                            const std::filesystem::path& path);
/// The same, but all registrations are read where the worktree does not say which is its own.
std::optional<Registration> find_registration(const std::filesystem::path& git_dir,
                                              const std::filesystem::path& worktree);

/// Takes back a registration whose files are gone, or were never written: at most a `.git` file and
/// an empty folder exist. Nothing is removed recursively but git's own folder.
Status drop_registration(const Registration& registration);

/// After the folder `before` was moved or copied to `now`: git's links between its git folder and
/// our worktrees (those with a lock reason of ours; those of others are theirs to repair) are
/// written anew. In a copy, worktrees that lie outside of it are the original's, and are forgotten
/// here.
Status move_worktrees(const std::filesystem::path& git_dir, const std::filesystem::path& before,
                      const std::filesystem::path& now, bool copied);

/// The branch that the worktree with that git dir is on; empty when detached.
std::string branch_in(const std::filesystem::path& git_dir);
/// What it is in the middle of.
Operation operation_in(const std::filesystem::path& git_dir);
/// The branch that its rebase or bisect will move at its end; empty if none.
std::string branch_held_by_operation(const std::filesystem::path& git_dir);

/// Forgets the operation that the worktree is in the middle of; for worktrees of ours alone.
Status drop_operation(const std::filesystem::path& git_dir);

/// Marks of ours next to git's files, gone with them. Each says which step was begun or finished,
/// so that after a kill nothing has to be guessed from half a tree.
enum class StepMark {
  Ready,      ///< the files were checked out once: from here on the content is somebody's work
  Removing,   ///< the checks before the removal passed; what is missing was deleted by us
  Following,  ///< a fast-forward of a checkout was begun
  Bringing,   ///< a merge of the base was begun; the text is the commit that HEAD was
  Trashing,   ///< things of the worktree are on their way to the entry of the trash that it names
  Sparse,     ///< we made it with some folders only
};

bool has_mark(const std::filesystem::path& git_dir, StepMark mark);
/// `text` is for who finds the mark after a kill.
Status set_mark(const std::filesystem::path& git_dir, StepMark mark, std::string_view text = {});
/// Sets it anew: its time is now.
Status renew_mark(const std::filesystem::path& git_dir, StepMark mark);
std::string mark_text(const std::filesystem::path& git_dir, StepMark mark);
Status clear_mark(const std::filesystem::path& git_dir, StepMark mark);

}  // namespace orch::git
