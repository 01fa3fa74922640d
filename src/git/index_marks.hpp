#pragma once
// What of git's index is read without a git: how many entries it has, and whether some of them are
// marked so that git does not look at their files (gitformat-index(5)).
#include <cstddef>
#include <filesystem>
#include <optional>

namespace orch::git {

struct IndexMarks {
  std::size_t entries = 0;
  /// "assume unchanged", "skip worktree" or "intent to add": what `git status` says is not all.
  bool hides = false;
};

/// Nothing: there is no index, or it has a form that is not read here (version 4, split, sparse).
/// Reads all of it: some milliseconds for 50,000 entries.
std::optional<IndexMarks> read_index_marks(const std::filesystem::path& index);

}  // namespace orch::git
