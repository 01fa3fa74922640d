#pragma once
// What a supervisor needs on disk: `.tmux-orch` with its lock, its database and the run's files.
//
// `git clean -fdx`, or a slip of the hand, takes that away under a living run. All that counts is
// in memory, so it is looked at each second and put back.
#include "app/paths.hpp"
#include "orch/base/files.hpp"
#include "orch/base/result.hpp"

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace orch::app {

class Ground {
 public:
  /// Takes the repository's lock and writes our pid into it. An `up` that holds it, because it is
  /// storing its run, is waited for (5 s); then Fault::Busy.
  static Result<Ground> take(const Paths& paths);

  /// Keeps copies of the run's files that are written once, at its start.
  void remember(const RunPaths& run);

  /// True: the folder was gone, and it is there again with the lock and the run's files.
  /// Fault::Busy: it is there, and somebody else has the lock.
  Result<bool> put_back_folder();

  /// Can files be made in our folder and in the run's? Elsewhere no work could be saved, and what
  /// agents say would be lost.
  Status may_write(const RunPaths& run) const;

  /// Are the database's files those of the last call of database_opened(), not cut and not
  /// overwritten?
  bool has_database();
  /// To be called after something was written into it, as its log is there by then.
  void database_opened();

 private:
  /// Which file it is; {}: there is none.
  using Identity = std::pair<dev_t, ino_t>;

  Ground(Paths paths, Fd lock) : paths_(std::move(paths)), lock_(std::move(lock)) {}

  Paths paths_;
  Fd lock_;
  std::vector<std::pair<std::filesystem::path, std::string>> files_;
  std::array<Identity, 3> database_{};  // the file, its log, and the index of that
  std::uintmax_t largest_ = 0;          // the file never becomes smaller
};

/// Where a supervisor lives whose folder is gone, waits until it has put it back (3 s at most).
void await_put_back(const Paths& paths);

}  // namespace orch::app
