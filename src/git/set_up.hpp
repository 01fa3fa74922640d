#pragma once
// What was put into a worktree before its agent began: it is no work of the agent's as long as it
// is as it was. Written down next to git's files of the worktree, and gone with them.
#include "git/below.hpp"
#include "orch/base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace orch::git {

/// A file that is not the same any more has another one of these; a rename keeps them.
struct Stamp {
  std::uint64_t inode = 0;
  std::int64_t size = 0;
  std::int64_t seconds = 0;
  std::int64_t nanoseconds = 0;

  bool operator==(const Stamp&) const = default;
};

Stamp stamp_of(const struct stat& info);

struct SetUp {
  std::map<std::string, Stamp> files;  ///< untracked files and links that the set-up left there
  std::vector<std::string> links;      ///< `worktree_setup.link`: links there are never work

  /// Is the entry what the set-up left, unchanged, or a link at a place that is linked in?
  bool brought(std::string_view path, const struct stat& info) const;
};

/// Empty if nothing was written down.
SetUp read_set_up(const std::filesystem::path& admin);
Status write_set_up(const std::filesystem::path& admin, const SetUp& set_up);
/// Of what git may list as new or changed in the worktree, what the set-up brought: it is no work.
std::set<std::string> brought_in(const std::filesystem::path& admin,
                                 const std::filesystem::path& work_tree);

}  // namespace orch::git
