#pragma once
// The sweep of a folder in the trash, what it works with, and the walk over what stays there.
#include "git/below.hpp"
#include "git/caches.hpp"
#include "git/context.hpp"
#include "git/registration.hpp"
#include "git/set_up.hpp"
#include "git/trash.hpp"

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace orch::git {

/// These arguments for git, so that marks which an agent set on files do not count: with this
/// setting git itself drops "skip-worktree" where there is a file.
std::vector<std::string> seeing_all(std::vector<std::string> args);

struct SweepRequest {
  TrashEntry entry;
  std::string tree;             ///< what is saved; empty: nothing is
  std::filesystem::path index;  ///< what git knows of the files; may be missing
  SetUp set_up;
  CachePatterns caches;
  bool whole = false;      ///< the entry is a whole worktree, with its `.git` file
  bool only_look = false;  ///< remove nothing, and count only what git ignores
};

/// What git says of the files in a folder, compared with a tree.
struct Compared {
  std::vector<std::string> same;  ///< in the tree and unchanged
  std::set<std::string> changed;  ///< in the tree, and different or gone
  std::set<std::string> ignored;  ///< files, and folders without their contents
  bool others = false;            ///< is there anything that is not in the tree?
};

/// Walks over what is left in the folder: removes what is no work, sums up the rest. One step()
/// does a bounded part, so that the loop can be let run between them.
class Walk {
 public:
  /// Begins at the top, or at these paths below it.
  Walk(Below& folder, const SweepRequest& request, const Compared& compared,
       const std::vector<std::string>& starts = {""});

  /// False when there is nothing more to do.
  bool step();

  const Leftovers& left() const { return left_; }

  /// Caches, relative to the folder: to be moved out of it and deleted.
  const std::vector<std::string>& caches() const { return caches_; }

 private:
  struct Visit {
    std::string path;
    bool ignored = false;
    bool inside = false;  ///< of a repository of its own, of which everything stays as it is
  };

  void visit(Visit at);
  void look_at(const Visit& at, const std::string& path, const Below::Entry& entry);
  bool is_cache(const std::string& path, bool ignored);
  bool goes(const std::string& path, const struct stat& info, bool ignored);
  void keep(const std::string& path, const struct stat& info, bool inside);

  Below& folder_;
  const SweepRequest& request_;
  const Compared& compared_;
  std::vector<Visit> stack_;
  std::vector<std::string> folders_;  ///< visited, parents first; removed in the end where empty
  std::vector<std::string> caches_;
  Leftovers left_;
};

/// Sweeps, and forgets that it was to be done. An entry in which nothing is left has no name any
/// more.
Job<TrashEntry> finish_sweep(GitContext& git, SweepRequest request, Registration registration);
/// Brings an index to a tree and keeps what it knows of files. Where a file was changed that git
/// was told not to look at, git refuses that: then the index is filled afresh. `read` has the
/// options of git itself, and says which index.
Job<bool> read_tree(GitContext& git, Call read, std::string tree);
/// Deletes for good what was dropped from the trash: renamed first, in one step of the loop, as
/// nobody looks at where it goes.
Job<bool> delete_gone(GitContext& git, std::filesystem::path trash_folder);

}  // namespace orch::git
