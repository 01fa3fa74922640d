#pragma once
// Where a checkout stands, read from git's files alone: no process, so that it can be asked often.
#include "git/values.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace orch::git {

/// The work tree of a repository, a linked worktree or a submodule.
struct Checkout {
  std::filesystem::path work_tree;
  std::filesystem::path git_dir;     ///< its own: HEAD, the index, what it is in the middle of
  std::filesystem::path common_dir;  ///< shared by all worktrees of the repository

  bool operator==(const Checkout&) const = default;
};

/// The checkout that a file or folder lies in: that of the nearest `.git` above it. Nothing if
/// there is none.
std::optional<Checkout> find_checkout(const std::filesystem::path& path);

/// What git may do to the files there without anybody editing them.
struct Standing {
  std::string branch;  ///< empty: detached
  std::string head;    ///< the text of HEAD
  Operation operation = Operation::None;
  /// A git, or a step of ours, is at work there at this moment: files and HEAD may not fit
  /// together.
  bool busy = false;

  bool operator==(const Standing&) const = default;
};

Standing standing_of(const Checkout& checkout);

/// Were the index or HEAD written a moment ago? A switch writes the files, then the index, then
/// HEAD, and holds no lock between the last two.
bool is_settling(const Checkout& checkout);

}  // namespace orch::git
