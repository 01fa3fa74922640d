#pragma once
// Where everything of ours lies in a repository: one function each.
#include "orch/base/result.hpp"
#include "orch/core/ids.hpp"

#include <filesystem>
#include <string>

namespace orch::app {

namespace fs = std::filesystem;

/// `.tmux-orch` in the repository's root (git::RepositoryFacts::root). It ignores itself, so git
/// never shows it.
class Paths {
 public:
  explicit Paths(fs::path repository) : repository_(std::move(repository)) {}

  const fs::path& repository() const { return repository_; }

  fs::path home() const { return repository_ / ".tmux-orch"; }

  fs::path database() const { return home() / "orch.db"; }

  fs::path lock() const { return home() / "lock"; }

  fs::path socket() const { return home() / "socket"; }

  fs::path log() const { return home() / "supervisor.log"; }

  /// The text of a message that the supervisor is asked to take over; whoever asks removes it.
  fs::path message(std::string_view id) const { return home() / "messages" / id; }

  fs::path tmux_conf() const { return home() / "tmux.conf"; }

  fs::path run(const std::string& run_id) const { return home() / "runs" / run_id; }

  /// For gits that are to run nothing: what of the configuration of the repository with that git
  /// folder names no program. See git/frozen.hpp.
  fs::path plain_git(const fs::path& git_dir) const;

  /// A path as it is stored: relative to the root when it lies there or right next to it, so that
  /// it is found again where they were moved together. "" stays "".
  std::string kept(const fs::path& path) const;
  /// The absolute path that was stored so.
  fs::path found(const std::string& kept) const;

  /// Makes the folder, private (0700) and self-ignored.
  Status make() const;

 private:
  fs::path repository_;
};

/// The folder of one run.
class RunPaths {
 public:
  RunPaths() = default;

  explicit RunPaths(fs::path root) : root_(std::move(root)) {}

  const fs::path& root() const { return root_; }

  fs::path attempts() const { return root_ / "attempts"; }

  /// `attempts/T3.2`: everything about the second attempt of T3.
  fs::path attempt(const TaskId& task, int number) const;

  fs::path gates() const { return root_ / "gates"; }

  fs::path gate(const std::string& key) const { return gates() / key; }

  fs::path reviews() const { return root_ / "reviews"; }

  /// `reviews/T3.2`: a folder for each review of what the second attempt of T3 has done.
  fs::path reviews_of(const TaskId& task, int number) const;

  fs::path configuration() const { return root_ / "configuration"; }

  fs::path environment() const { return root_ / "environment"; }

  /// The repository's configuration as it was when the run began: git/frozen.hpp.
  fs::path git() const { return root_ / "git"; }

  fs::path events() const { return root_ / "events.jsonl"; }

  fs::path context() const { return root_ / "context.json"; }

  /// For agents that only read files.
  fs::path messages() const { return root_ / "messages"; }

  fs::path inbox(int worker) const;
  fs::path outbox(int worker) const;

  fs::path progress() const { return root_ / "progress.txt"; }

  fs::path last_read() const { return root_ / "task-file"; }

  fs::path plan() const { return root_ / "execution-plan.json"; }

  fs::path summary() const { return root_ / "summary.txt"; }

  fs::path report() const { return root_ / "report.json"; }

  /// Of the user's command after the push of that commit to there.
  fs::path push_record(const CommitId& pushed, const std::string& to) const;

  fs::path push_body() const { return root_ / "push.md"; }

  fs::path report_page() const { return root_ / "report.html"; }

 private:
  fs::path root_;
};

/// The key of an attempt in file and message names: "T3.2". Two attempts never share one.
std::string attempt_key(const TaskId& task, int number);

}  // namespace orch::app
