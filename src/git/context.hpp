#pragma once
// What every step of a git::Repository works with: where the repository is, and how to ask git.
//
// The steps are free functions that take it by reference. The Repository owns it and outlives the
// jobs it hands out, so that a coroutine may keep that reference; all else a step takes by value.
#include "git/async_semaphore.hpp"
#include "git/object_reader.hpp"
#include "git/object_writer.hpp"
#include "git/ref_writer.hpp"
#include "git/remembered.hpp"
#include "git/runner.hpp"
#include "git/worktree_watch.hpp"
#include "loop/job.hpp"
#include "loop/loop.hpp"
#include "orch/base/result.hpp"
#include "orch/core/ids.hpp"

#include <time.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace orch::git {

template <class T>
using Job = loop::Job<Result<T>>;

struct RepositoryFacts;

/// A worktree that had nothing but a commit when a look began.
struct KnownFiles {
  CommitId head;
  std::string index;  ///< stamp_of_file()
  timespec began{};   ///< by the clock of the file system
};

struct GitContext {
  /// Takes away what killed programs left in the git folder.
  GitContext(loop::Loop& loop, loop::Children& children, const RepositoryFacts& facts);
  GitContext(const GitContext&) = delete;
  GitContext& operator=(const GitContext&) = delete;

  /// A call in the root.
  Call call(std::vector<std::string> args, std::string doing) const;
  /// The output without the newline at its end.
  Job<std::string> line(Call call);
  /// From here on gits read that folder: see Runner::use_common_dir().
  void use_common_dir(std::filesystem::path folder, bool is_offline);
  /// What gits that stay have open is looked for anew.
  void restart_gits();
  /// Fault::NotFound: it is no worktree of this repository.
  Result<Place> place_of(const std::filesystem::path& worktree) const;
  /// What a killed git of ours may have left locked in a linked worktree. In the user's nothing is
  /// ours.
  std::vector<std::filesystem::path> own_locks(const Place& place) const;

  loop::Loop& loop;
  std::filesystem::path root;
  std::filesystem::path git_dir;
  std::filesystem::path main;  ///< the main worktree; empty: none, or not known
  bool bare = false;
  Runner runner;
  ObjectReader objects;
  ObjectWriter writer;
  RefWriter refs;
  RememberedAnswers answers;
  AsyncSemaphore adds;  ///< of worktrees: one git at a time, as others would meet a half-made one
  /// Worktrees that a git of ours is making now, and slots that are looked at for a task.
  std::set<std::filesystem::path> at_work;
  AsyncSemaphore prepares;  ///< slots ahead: one at a time
  WorktreeWatch watch;
  std::map<std::filesystem::path, KnownFiles> known;  ///< by git's folder of the worktree
  RememberedPaths indexed;
  std::map<std::string, std::vector<std::string>> parents;  ///< of commits that were read
};

}  // namespace orch::git
