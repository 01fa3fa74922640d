#pragma once
// The list of what the set-up of a worktree made: each file, link and folder with all that tells
// whether somebody has touched it since.
//
// It is written and compared by walks in one order, so that neither needs more memory than the
// names of a folder, however much was made. Both take some microseconds for each file, so they
// belong in a thread.
#include "orch/base/result.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace orch::git {

struct MadeListing {
  std::size_t entries = 0;
  /// The first file or link that has one of the texts that were looked for in it; empty: none has,
  /// as far as they were looked at.
  std::string names_text;
  std::string shared;  ///< the first file that has another name elsewhere; empty: none has
  /// Why it is no list of all: there is too much, or something cannot be looked at; empty: it is.
  std::string incomplete;
};

/// Lists what lies at the roots, paths below `worktree`, and below them. `texts` are looked for
/// where links lead, and at the beginning of the first some ten thousand files.
Result<MadeListing> write_made_list(const std::filesystem::path& list,
                                    const std::filesystem::path& worktree,
                                    std::vector<std::string> roots,
                                    const std::vector<std::string>& texts);

struct MadeChanges {
  bool intact = false;            ///< all that is listed is there, untouched
  std::vector<std::string> more;  ///< what is there besides; a folder stands for all in it

  bool nothing() const { return intact && more.empty(); }
};

/// What somebody did to it since. A list that cannot be read, or files that cannot be looked at,
/// are as good as changed.
MadeChanges compare_made_list(const std::filesystem::path& list,
                              const std::filesystem::path& worktree,
                              std::vector<std::string> roots);

}  // namespace orch::git
