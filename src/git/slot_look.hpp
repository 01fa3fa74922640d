#pragma once
// A look over all files of a worktree in the pool, by the file system alone: is it as a fresh
// checkout would be, and is it as it was when it was parked?
//
// Git cannot say the latter fast enough: it reads every folder and compares with the index, and
// says nothing of empty folders, modes of files, hard links or extended attributes.
#include "git/worktree_watch.hpp"
#include "orch/base/result.hpp"

#include <sys/types.h>
#include <time.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace orch::git {

struct SlotLook {
  /// Of the path, kind, mode, owner, size, times and inode of each entry: two equal ones mean that
  /// nothing was written in between, not even a file put back as it was.
  std::string print;
  std::size_t files = 0;  ///< files and links, without `.git` at the top
  /// Why no checkout would leave it like this, which no tidying mends; empty: one would.
  std::string odd;
  /// Files and links of which the inode changed after Tidying::since; some ten thousand at most.
  std::vector<std::string> touched;
  std::vector<std::string> late;  ///< of these, those that changed after Tidying::seen
};

/// How a checkout would have left files: what somebody touched since is brought back to that.
struct Tidying {
  mode_t mask = 022;  ///< the umask that files are checked out under
  timespec since{};   ///< nothing older than this was touched, by the time of the inode's change
  timespec seen{};    ///< when git looked at it last
};

/// Follows no link and reads no file. What lies at a path of `keep` is none of it. With `tidying`,
/// folders in which nothing is are removed, and modes become those of a checkout; what no tidying
/// mends is odd. `watches`: of all folders that were read. Takes about a microsecond for each file,
/// so it belongs in a thread.
Result<SlotLook> look_over_slot(const std::filesystem::path& folder,
                                const std::vector<std::string>& keep = {},
                                const std::optional<Tidying>& tidying = std::nullopt,
                                FolderWatches* watches = nullptr);

}  // namespace orch::git
