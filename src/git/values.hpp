#pragma once
// What the git adapter takes and hands out: plain values in which no text of git's is left to read.
#include "git/caches.hpp"
#include "git/trash.hpp"
#include "orch/base/result.hpp"
#include "orch/core/ids.hpp"

#include <time.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace orch::git {

struct Identity {
  std::string name;
  std::string email;
  bool fallback = false;  ///< the user configured none, so this one is ours: say it once

  bool operator==(const Identity&) const = default;
};

/// What a worktree is in the middle of; such a worktree is never moved under the user's hands.
enum class Operation { None, Rebase, Merge, CherryPick, Revert, Bisect };

std::string_view to_text(Operation operation);

/// Uncommitted paths: the count is of all of them, the names are the first kShownNames.
struct Changes {
  std::size_t count = 0;
  std::vector<std::string> names;

  bool operator==(const Changes&) const = default;
};

inline constexpr std::size_t kShownNames = 20;

struct RepositoryFacts {
  /// Where all that is ours lies, the same from every worktree: the main worktree. Of a bare
  /// repository the folder around it, if that has a `.git` file which leads there, else the bare
  /// repository itself. Where git cannot say which worktree is the main one, the one that `up` was
  /// first called in.
  std::filesystem::path root;
  std::filesystem::path git_dir;  ///< the folder all worktrees share
  std::filesystem::path main;     ///< the main worktree; empty: bare, or git does not know
  bool bare = false;
  std::filesystem::path checkout;  ///< the worktree that holds the folder asked about; empty: none
  bool in_linked_worktree = false;
  bool in_worktree_of_ours = false;  ///< of a task, so nobody's own checkout
  std::string branch;                ///< of the checkout; empty: detached
  CommitId head;                     ///< of the checkout
};

/// A line of `git worktree list`.
struct Worktree {
  std::filesystem::path path;
  CommitId head;
  std::string branch;  ///< "main", or empty when detached
  bool bare = false;
  bool locked = false;
  std::string lock_reason;
  bool prunable = false;

  bool operator==(const Worktree&) const = default;
};

/// All that one `git status` says of the files of a worktree. Paths end in a slash where a folder
/// stands for all that is in it.
struct SeenFiles {
  std::vector<std::string> changed;    ///< tracked, and other than in HEAD, staged or not
  std::vector<std::string> untracked;  ///< with a slash: a repository of its own
  std::vector<std::string> ignored;
  std::vector<std::string> edited;  ///< of `changed`: in the folder alone
  std::set<std::string> untouched;  ///< of `edited`: as they were checked out
  bool staged = false;              ///< the index is other than HEAD
  bool complete = false;            ///< no mark in the index keeps git from looking at a file
  timespec began{};                 ///< when the look began, by the clock of the file system

  /// As a checkout of HEAD leaves it; nothing is hidden either.
  bool is_spotless() const {
    return complete && !staged && changed.empty() && untracked.empty() && ignored.empty();
  }
};

struct WorktreeStatus {
  bool exists = false;  ///< false: the folder is gone; head and branch are still told if registered
  CommitId head;
  std::string branch;                 ///< empty when detached
  Changes changes;                    ///< tracked and untracked, not ignored
  std::vector<std::string> unmerged;  ///< all with conflicts
  Operation operation = Operation::None;
  std::optional<SeenFiles> files;  ///< as Repository::look_at() tells them
};

/// What commits have added to one.
struct CommittedWork {
  std::size_t commits = 0;            ///< without merges; some thousand at most are counted
  std::vector<std::string> subjects;  ///< of the last ones, the newest first
  std::size_t files = 0;              ///< that differ in the end
};

/// So many commits of a task land one by one at most; more are rather the history of something
/// else.
inline constexpr std::size_t kMostParts = 200;

/// A commit that a branch was at.
struct LandedCommit {
  CommitId commit;
  std::string tree;
  std::string subject;
  bool is_part = false;  ///< of a task that landed commit by commit, and not its last one

  bool operator==(const LandedCommit&) const = default;
};

/// A file as a commit has it.
struct StoredFile {
  std::string name;  ///< in the folder that was asked for; empty: it is the file itself
  std::string id;
  std::string text;  ///< as it is stored: without the filters of a checkout

  bool operator==(const StoredFile&) const = default;
};

/// What the index of a checkout knows of a path.
struct IndexedPath {
  bool tracked = false;
  bool untouched = false;  ///< nothing there was written since git wrote or read it
};

/// Where a branch is in use: checked out, or being rebased or bisected.
struct Holder {
  std::filesystem::path path;
  Operation operation = Operation::None;

  bool operator==(const Holder&) const = default;
};

/// Where worktrees are kept for the next task, and how many.
struct PoolPlan {
  std::filesystem::path folder;   ///< on the file system of the worktrees
  std::size_t most = 0;           ///< 0: none is kept
  CommitId tip;                   ///< what they are brought to: the next task begins there
  std::vector<std::string> keep;  ///< ignored files and folders that stay in them
};

/// What is to be ready before a task wants it.
struct SlotsAhead {
  std::size_t at_tip = 0;  ///< parked at PoolPlan::tip
  std::size_t in_all = 0;  ///< no new one is made while so many are parked
};

/// A worktree of ours. `reason` is its key: a request for the same path with the same reason
/// means this worktree, and anybody else's is never touched.
struct WorktreeSpec {
  std::filesystem::path path;  ///< absolute
  std::string branch;          ///< without refs/heads/
  CommitId start;
  std::string reason;        ///< shown by `git worktree list`: "tmux-orch run=R task=T"
  PoolPlan pool;             ///< one that is parked there is taken; without a folder: none is
  bool branch_ours = false;  ///< our record says that the branch is ours: an existing one is taken
  std::vector<std::string> sparse;  ///< folders that it has, of all; empty: all
};

struct EnsuredWorktree {
  enum class How { Existing, Made, Leased, Repaired };
  How how = How::Existing;
  CommitId head;
};

/// Commits of a worktree of which objects are gone.
struct LostCommits {
  std::vector<CommitId> commits;
  CommitId good;      ///< the last one before them that is all there
  bool ours = false;  ///< HEAD names one, and we made it of files that are there still
};

/// Commits that an agent made and then went away from by a checkout.
struct LeftCommits {
  CommitId commit;
  std::string name;        ///< of the branch that has them; else of the ref that keeps them now
  bool on_branch = false;  ///< somebody's branch has them
};

/// The files of a worktree as a commit.
struct CommitRequest {
  std::filesystem::path worktree;
  std::string message;
  Identity identity;
  bool is_signed = false;
  std::optional<SeenFiles> seen;  ///< no other files need to be looked for
};

struct Rescue {
  enum class What {
    Nothing,      ///< nothing that is not safe elsewhere; no ref was made
    Commits,      ///< the commits alone, as nothing was uncommitted
    Uncommitted,  ///< a commit of ours on top holds what was uncommitted
  };
  What what = What::Nothing;
  std::string ref;  ///< may carry "-2" and so on: an earlier rescue is never overwritten
  CommitId commit;
  /// Repositories inside the worktree, relative to it, that git does not ignore: not in `commit`.
  std::vector<std::string> nested;
  std::optional<SeenFiles> seen;    ///< what was there
  std::optional<LostCommits> lost;  ///< HEAD and the branch were put back because of these
};

struct RescueRequest {
  std::filesystem::path worktree;  ///< may be gone
  std::string branch;
  std::string ref;              ///< full: "refs/orch/rescue/..."
  std::vector<CommitId> known;  ///< landed or start commits: these alone need no rescue
};

/// How things of a worktree that are in no commit get to the trash, and which do not.
struct TrashPlan {
  std::filesystem::path folder;  ///< empty: `.trash` next to the worktree
  TrashLabel label;
  CachePatterns caches;  ///< declared by the user
};

struct RemoveRequest {
  std::filesystem::path path;
  std::string branch;  ///< empty: only the worktree
  std::string reason;
  std::vector<CommitId> safe;  ///< landed or rescued
  CommitId saved;              ///< holds the files as they were saved; empty: HEAD does
  TrashPlan trash;
  PoolPlan pool;
  std::optional<SeenFiles> seen;  ///< by the rescue
};

struct Removed {
  TrashEntry kept;  ///< what was in no commit; without a name: there was nothing
  std::filesystem::path branch_kept_at;  ///< the branch is checked out there, so it stayed
  bool parked = false;                   ///< the worktree is kept for another task
};

struct ResetRequest {
  std::filesystem::path path;
  std::string branch;
  std::string reason;
  CommitId commit;    ///< what the worktree will be
  CommitId expected;  ///< the rescue commit, or the HEAD the caller saw: other commits are refused
  TrashPlan trash;
  std::vector<std::string> keep;  ///< paths that stay as they are
  std::vector<std::string> more;  ///< paths below these that do not
};

/// Submodules for a worktree.
struct SubmoduleRequest {
  std::filesystem::path worktree;
  std::filesystem::path checkout;  ///< the user's: those that are checked out there
};

/// A commit of a submodule that the work names and that the task made, now kept.
struct KeptSubmodule {
  std::string path;
  CommitId commit;
  std::string ref;            ///< holds it
  bool in_submodule = false;  ///< in the user's own copy of the submodule; else in the repository
};

struct Reset {
  CommitId head;
  TrashEntry kept;  ///< what was in no commit; without a name: there was nothing
};

/// A ref that a run made: a candidate, a rescue, the run's branch.
struct OwnRef {
  std::string name;  ///< full
  CommitId commit;
  std::int64_t committed_s = 0;  ///< wall-clock time of the commit, seconds since 1970
  bool merged = false;           ///< the base contains it
};

struct TestCheckoutRequest {
  std::filesystem::path path;
  CommitId commit;
  std::string reason;
  std::vector<std::string> keep;        ///< cache folders that survive, relative to the worktree
  std::filesystem::path submodules_of;  ///< the checkout of which it gets them; empty: none
};

}  // namespace orch::git
