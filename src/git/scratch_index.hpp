#pragma once
// A temporary index, so that a tree can be built without touching anybody's staging area.
#include "git/runner.hpp"

#include <filesystem>
#include <string>
#include <utility>

namespace orch::git {

/// The file lies in the shared git folder and is removed by the destructor.
class ScratchIndex {
 public:
  explicit ScratchIndex(const std::filesystem::path& git_dir);
  ~ScratchIndex();
  ScratchIndex(const ScratchIndex&) = delete;
  ScratchIndex& operator=(const ScratchIndex&) = delete;

  /// Begins as a copy of the index of a worktree, so that files known to be unchanged need not be
  /// read again; stays empty where there is none.
  Status copy_from(const std::filesystem::path& index);

  std::pair<std::string, std::string> env() const { return {"GIT_INDEX_FILE", file_.native()}; }

  /// Removes those that killed programs left in `git_dir`.
  static void sweep(const std::filesystem::path& git_dir);

 private:
  std::filesystem::path file_;
};

}  // namespace orch::git
