#pragma once
// The trash: what a worktree had in it that is in no commit, kept until it is old or not wanted.
//
//   <worktrees>/.trash/T1-1/...      an entry, with the paths as they were in the worktree
//   <worktrees>/.trash/.records/T1-1 whose it was, when and why it came here
//   <worktrees>/.trash/.gone/        what is only still to be deleted
//
// It lies next to the worktrees, so that a rename moves things there, and is private (0700).
// Nothing here starts a process or blocks for longer than a few calls to the file system.
#include "orch/base/result.hpp"
#include "orch/base/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace orch::git {

/// Whose worktree it was, and why something of it goes to the trash.
struct TrashLabel {
  std::string run;
  std::string task;
  int attempt = 0;
  std::string why;

  bool operator==(const TrashLabel&) const = default;
};

/// Files and folders that are in no commit: the counts are of all, the names are the first ones.
struct Leftovers {
  std::size_t files = 0;
  std::uint64_t bytes = 0;  ///< on the disk
  std::vector<std::string> names;
  std::vector<std::string> repositories;  ///< folders with a `.git` of their own; not in `names`

  bool empty() const { return files == 0 && repositories.empty(); }

  bool operator==(const Leftovers&) const = default;
};

struct TrashEntry {
  std::string name;              ///< "T1-1": what `rescue show` takes
  std::filesystem::path folder;  ///< where it is now
  std::filesystem::path from;    ///< the worktree it was in
  TrashLabel label;
  std::int64_t moved_at = 0;  ///< seconds since 1970
  std::string tree;           ///< what was saved of the worktree: compared with this
  Leftovers left;
};

/// Nothing goes by itself before it is that old.
inline constexpr Span kTrashAge = std::chrono::hours(24 * 14);

class Trash {
 public:
  /// `folder`: ".trash" in the folder of the worktrees; made when it is needed.
  explicit Trash(std::filesystem::path folder) : folder_(std::move(folder)) {}

  const std::filesystem::path& folder() const { return folder_; }

  /// Makes an empty folder and its record, under `name` and the first number that is free.
  Result<TrashEntry> claim(const std::string& name, const TrashLabel& label,
                           const std::filesystem::path& from) const;
  Status save(const TrashEntry& entry) const;
  /// Oldest first. Folders that have no record (any more) are told with what can be seen of them.
  std::vector<TrashEntry> entries() const;
  /// Fault::NotFound if there is none of that name.
  Result<TrashEntry> find(const std::string& name) const;
  /// Drops what has been here for longer than kTrashAge.
  Status expire(std::int64_t now_s) const;
  /// Takes an entry out of the trash, with its record: moved to where it waits to be deleted.
  Status drop(const TrashEntry& entry) const;
  /// A new name for something that is only to be deleted.
  Result<std::filesystem::path> room_for_gone() const;

  /// Renames what is to be deleted, so that more can come while it is being deleted; set_aside()
  /// lists it then, with what an earlier program did not delete.
  Status set_gone_aside() const;
  std::vector<std::string> set_aside() const;

 private:
  std::filesystem::path gone() const { return folder_ / ".gone"; }

  std::filesystem::path record_of(const std::string& name) const;
  Status make() const;
  TrashEntry read(const std::string& name) const;

  std::filesystem::path folder_;
};

/// As describe(), "3 ignored files: a, b, c".
std::string describe_ignored(const Leftovers& left);
/// "3 files: a, b, c" or "3 files: a, b and 1 more", safe to show.
std::string describe(const Leftovers& left);

}  // namespace orch::git
