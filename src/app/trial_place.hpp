#pragma once
// The throw-away place in which an agent is tried: a linked worktree without a branch, and next to
// it a folder that is to the agent's verbs what a repository with a run is.
//
//   .tmux-orch/trial-7f3a/         in the repository's root; locked while the trial lives
//     worktree/                    detached at HEAD of the checkout
//     server                       where the socket of its tmux server is
//     .tmux-orch/                  as of any run: database, attempt
//
// All of it goes at the end, and what one that was killed left goes with the next one.
#include "app/paths.hpp"
#include "git/repository.hpp"
#include "loop/child.hpp"
#include "loop/job.hpp"
#include "loop/loop.hpp"
#include "orch/base/files.hpp"
#include "orch/base/result.hpp"

#include <filesystem>

namespace orch::app {

class TrialPlace {
 public:
  TrialPlace(loop::Loop& loop, loop::Children& children, git::Repository& git, Paths repository);

  /// Takes away what trials that were killed left, and makes a place at that commit.
  loop::Job<Status> make(CommitId head);
  /// Ends the tmux server, and takes all of it away.
  loop::Job<Status> remove();

  Paths paths() const { return Paths(folder_); }

  fs::path worktree() const { return worktree_of(folder_); }

  /// The socket of its own tmux server, in a folder that nobody else can enter.
  fs::path socket() const { return server_ / "socket"; }

 private:
  static fs::path worktree_of(const fs::path& folder) { return folder / "worktree"; }

  Status make_folders_of_it();
  loop::Job<Status> remove_old();
  loop::Job<Status> take_away(fs::path folder);
  loop::Job<Status> end_server(fs::path folder);

  loop::Loop& loop_;
  loop::Children& children_;
  git::Repository& git_;
  Paths repository_;
  fs::path folder_;
  fs::path server_;
  Fd lock_;
  bool made_home_ = false;  ///< there was no `.tmux-orch` before
};

}  // namespace orch::app
