#pragma once
// Watches worktrees by inotify(7): one in which nothing has happened since somebody looked over it
// need not be looked over once more, be it before it is parked or before it is leased.
//
// Inotify does not tell that somebody gives a file in a watched folder a second name elsewhere, nor
// what is written by that name. Who does so could as well write to the worktrees of tasks.
//
// What is not watched is looked over as ever: after a restart, where the user's watches are used
// up, where the kernel could not tell all events.
#include "orch/base/files.hpp"

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

namespace orch::git {

/// Watches on the folders of one worktree, the top one first; they end with it. Filled in the
/// thread that looks over them, before it reads what is in a folder.
class FolderWatches {
 public:
  FolderWatches() = default;
  FolderWatches(std::shared_ptr<const Fd> inotify, std::size_t most, std::uint64_t losses);
  FolderWatches(FolderWatches&&) = default;
  FolderWatches& operator=(FolderWatches&& other) noexcept;
  ~FolderWatches();

  /// `folder` is open. Once one cannot be watched, none is.
  void add(int folder);
  /// The files were written to by ourselves after the look.
  void clear();

 private:
  friend class WorktreeWatch;

  std::shared_ptr<const Fd> inotify_;
  std::size_t most_ = 0;
  std::uint64_t losses_ = 0;
  std::vector<int> ids_;
  dev_t disk_ = 0;  ///< of the top folder
  ino_t inode_ = 0;
};

/// In the loop's thread. A worktree is named by git's folder of it.
class WorktreeWatch {
 public:
  /// For a look over that folder, which is not watched any more until then; without any where no
  /// more may be made.
  FolderWatches folders(const std::filesystem::path& folder);
  /// The worktree is watched from here on, if nothing has happened in it since the look but that
  /// git's pointer was written.
  void begin(const std::filesystem::path& worktree, const std::filesystem::path& folder,
             FolderWatches folders);
  /// Nothing has happened since, and its folder is still the one that is watched. False: it
  /// has to be looked over.
  bool is_quiet(const std::filesystem::path& worktree, const std::filesystem::path& folder);
  void end(const std::filesystem::path& worktree);

 private:
  struct Happened {
    bool pointer = false;  ///< git's pointer at the top was written, by a rename
    bool other = false;
  };

  void read_events();
  /// A folder has one watch however often it is asked for: two looks over the same worktree would
  /// take each other's away. False: there is none.
  bool end_same(dev_t disk, ino_t inode);
  void forget(const FolderWatches& folders);
  /// What happened in folders that are not watched any more.
  void forget_others();
  /// Events are lost: nobody knows what has happened.
  void lose_all();

  std::shared_ptr<const Fd> inotify_;  ///< opened when it is needed first
  std::size_t most_ = 0;               ///< watches of this program
  std::uint64_t losses_ = 0;           ///< so far
  std::map<std::filesystem::path, FolderWatches> worktrees_;
  std::unordered_map<int, Happened> happened_;  ///< also in folders of looks that are under way
};

}  // namespace orch::git
