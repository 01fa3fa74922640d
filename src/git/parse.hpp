#pragma once
// Pure: what git prints to values, and what git accepts as a name.
#include "git/values.hpp"

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace orch::git {

/// `worktree list --porcelain -z`
std::vector<Worktree> parse_worktrees(std::string_view porcelain);

struct ParsedStatus {
  CommitId head;       ///< empty before the first commit
  std::string branch;  ///< empty when detached
  Changes changes;
  bool only_missing = true;  ///< nothing but tracked files that are gone from the folder
  std::vector<std::string> unmerged;
  SeenFiles seen;  ///< `edited`: nothing of them is staged
};

/// `status --porcelain=v2 --branch -z`. Entries of `untouched` are left out of what changed.
ParsedStatus parse_status(std::string_view porcelain, const std::set<std::string>& untouched = {});

/// Is it one of the paths, or below one? Slashes at their ends do not matter.
bool is_within(std::string_view path, const std::vector<std::string>& paths);

/// Names that each end in NUL.
std::vector<std::string> parse_names(std::string_view text);

struct MergeOutput {
  std::string tree;
  std::vector<std::string> files;
  std::vector<std::string> messages;
};

/// `merge-tree --write-tree -z --name-only`. Whether the merge is clean is told by git's exit
/// status alone: a conflicted one prints a tree, too, and that has the conflict markers in it.
std::optional<MergeOutput> parse_merge(std::string_view text);

struct TreeEntry {
  std::string mode;
  std::string id;
  std::string path;

  bool operator==(const TreeEntry&) const = default;
};

/// `ls-tree -r -z`
std::vector<TreeEntry> parse_tree(std::string_view text);

struct ChangedEntry {
  std::string old_mode, new_mode, old_id, new_id;
  char kind = 'M';  ///< A, M, D or T
  std::string path;

  bool operator==(const ChangedEntry&) const = default;
};

/// `diff-tree -r -z --raw --no-renames --no-abbrev`
std::vector<ChangedEntry> parse_raw_diff(std::string_view text);

/// One move of a HEAD, as git logs it: "checkout: moving from a to b", "commit: text" ...
struct HeadMove {
  CommitId from, to;
  std::string message;
};

/// Did the move make a commit, and not only go to one?
bool makes_commit(const HeadMove& move);
/// The branch or commit that a checkout went away from; nothing if the move is none.
std::optional<std::string> left_by(const HeadMove& move);

/// `<git dir>/logs/HEAD`, oldest first; lines of another form are left out.
std::vector<HeadMove> parse_head_log(std::string_view text);

/// A commit object.
struct CommitText {
  std::string tree;
  std::vector<std::string> parents;
  Identity author, committer;
  std::string author_date, committer_date;  ///< "@1234 +0000"
  std::string message;
  bool is_signed = false;

  bool same_but_signature(const CommitText& other) const;
};

/// `cat-file commit`
std::optional<CommitText> parse_commit(std::string_view raw);

/// "Name <email> 1234 +0000" of `git var`.
std::optional<Identity> parse_identity(std::string_view text);

/// The rules of git-check-ref-format(1) for a branch; Fault::BadInput says which is broken.
Status check_branch(std::string_view name);

/// The branch in `branches` that keeps `wanted` from existing next to it (`orch` and `orch/T1`).
std::optional<std::string> colliding_branch(std::string_view wanted,
                                            const std::vector<std::string>& branches);

struct ReplacedSubmodule {
  std::string path;
  std::string by;  ///< the file or link in the place of the submodule, or of a folder above it

  bool operator==(const ReplacedSubmodule&) const = default;
};

/// Submodules that `changes` put a file or link in the place of: git deletes their folders with all
/// that is in them.
std::vector<ReplacedSubmodule> replaced_submodules(const std::vector<ChangedEntry>& changes);

/// A path as a pattern of .gitignore that matches it alone, anchored at the top.
std::string ignore_pattern(std::string_view path);

/// The part of `path` that meets `place`: all of it when it lies at or above that, and what is at
/// that place when it lies below; empty when they do not meet. `fold`: letters' case is no
/// difference, as in file systems of some hosts.
std::string_view meeting(std::string_view path, std::string_view place, bool fold);

/// The first ten digits.
std::string_view shortened(const CommitId& commit);

}  // namespace orch::git
