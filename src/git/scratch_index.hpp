#pragma once
// A temporary index, so that a tree can be built without touching anybody's staging area, and a
// temporary folder for what git is to write nowhere else.
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

  /// Puts it in the place of that index, as git does; false: the index is locked, or lies on
  /// another disk.
  bool install(const std::filesystem::path& index) const;

  std::pair<std::string, std::string> env() const { return {"GIT_INDEX_FILE", file_.native()}; }

 private:
  std::filesystem::path file_;
};

/// A folder for files that git writes to be compared; removed by the destructor.
class ScratchFolder {
 public:
  /// In `git_dir`, or with the temporary files where that cannot be written, as in a sandbox.
  explicit ScratchFolder(const std::filesystem::path& git_dir);
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  /// Empty: it could not be made.
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace orch::git
