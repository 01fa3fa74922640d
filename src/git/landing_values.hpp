#pragma once
// What the git adapter takes and hands out where work lands, and where the user's branch follows.
#include "git/values.hpp"
#include "orch/base/result.hpp"
#include "orch/base/time.hpp"
#include "orch/core/ids.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace orch::git {

/// How the task file is treated while a branch lands. All functions are pure, and are called
/// in a thread: texts may be large.
struct TaskFile {
  std::string path;  ///< relative to the root of the repository
  /// The text that lands, made from the merged text: ticks the task.
  std::function<Result<std::string>(std::string_view merged)> edit;
  /// `text` with the marks it shares with `reference` set as there: drops what agents ticked.
  std::function<std::string(std::string_view text, std::string_view reference)> with_marks_of;
  /// `text` with what changed in marks between the two others. For commits of the user's, whose
  /// marks count; empty: those of the branch are dropped.
  std::function<std::string(std::string_view text, std::string_view before, std::string_view after)>
      with_mark_changes;
};

/// Task files that the user edited and did not commit: a fast-forward changes them all the same,
/// three ways. The functions are pure, and two of them are called in a thread; `path` is relative
/// to the root of the repository.
struct EditedFiles {
  std::function<bool(const std::string& path)> takes;
  std::function<std::string(const std::string& path, std::string_view text, std::string_view before,
                            std::string_view after)>
      with_mark_changes;
  std::function<std::string(const std::string& path, std::string_view text,
                            std::string_view reference)>
      with_marks_of;
};

struct LandingRequest {
  CommitId onto;
  CommitId branch;
  std::string message;
  Identity identity;
  bool squash = false;
  /// Not empty: the commits one after the other, the last one with the trailers of `message`, the
  /// others with this one. Where that does not come to the merge, it is squashed.
  std::string part_trailer;
  /// `branch` is a commit that has landed, and what it changed of its first parent is taken back.
  bool revert = false;
  std::string candidate_ref;        ///< full: "refs/orch/cand/..."
  std::vector<std::string> linked;  ///< links at these paths do not land, unless `onto` has them
  std::optional<TaskFile> task_file;
  /// Where files of ours are, relative to the root: the branch may change nothing there. Empty for
  /// the user's own commits.
  std::vector<std::string> reserved;
  /// Conflicts in such files are none: what lands has them as `onto` has, until they are made anew.
  std::function<bool(const std::string& path)> is_generated;
  /// The same, unless the project has files of its own there: the folder of the worktrees, and what
  /// agents report by.
  std::vector<std::string> reserved_unless_there;
};

/// The commit to be made on `onto` with the tree of a candidate.
struct RemakeRequest {
  CommitId candidate;
  CommitId onto;
  /// Of a merge of the candidate with all that it was made on; empty: it is the candidate itself
  /// that is made again.
  std::string message;
  Identity identity;
  std::string candidate_ref;  ///< full: "refs/orch/cand/..."
};

struct PushRequest {
  std::string remote;
  std::string branch;  ///< of the remote
  CommitId commit;
  Span timeout{};
};

struct Candidate {
  CommitId commit;
  std::string tree;
  bool changed = false;  ///< the branch brings something, the task file's tick not counted
  std::vector<std::string> files{};      ///< what it changes of `onto`, not counted either
  std::vector<std::string> generated{};  ///< those to be made anew
};

/// A candidate with files as they were made anew.
struct GeneratedRequest {
  CommitId candidate;
  std::string made;  ///< the tree that has them
  std::vector<std::string> files;
  Identity identity;
  std::string candidate_ref;  ///< full: "refs/orch/cand/..."
};

struct MergeConflict {
  std::vector<std::string> files;
  std::vector<std::string> messages;  ///< git's, one line each, safe to show
};

/// The branch changes what is ours: checked out, it would meet files of ours.
struct TouchesOurs {
  std::vector<std::string> paths;    ///< sorted
  std::vector<std::string> added;    ///< what to take out of the branch
  std::vector<std::string> changed;  ///< what to put back to what `onto` has
};

/// What a branch changes.
struct WorkChange {
  CommitId base;                   ///< it began there, as far as it has been merged
  std::vector<std::string> files;  ///< paths from the root
  std::string id;                  ///< stays the same while what it changes does
};

using Landing = std::variant<Candidate, MergeConflict, TouchesOurs>;

/// When commits are signed that go to the user's branch: `commit.gpgsign` and `tmux-orch.sign`.
enum class SignWhen {
  Never,
  AtLanding,  ///< each as it lands
  AtEnd,      ///< the user does it, with one merge at the end
};

/// The ref holds the candidate, now or since before.
struct Landed {
  bool already = false;
};

/// Somebody else moved the ref.
struct TipMoved {
  CommitId tip;
};

using LandOutcome = std::variant<Landed, TipMoved>;

struct FollowRequest {
  std::string branch;  ///< the user's, without refs/heads/
  CommitId target;
  std::string target_name;  ///< for the command shown; empty: the commit id
  EditedFiles edited;       ///< empty functions: there are none
};

struct Moved {
  std::filesystem::path checkout;  ///< whose files were moved along; empty: checked out nowhere
};

struct AlreadyThere {};

struct Diverged {
  CommitId tip;
};

struct NotSafe {
  std::string why;
  std::string command;  ///< what the user runs when ready, fit for a shell
};

using FollowOutcome = std::variant<Moved, AlreadyThere, Diverged, NotSafe>;

}  // namespace orch::git
