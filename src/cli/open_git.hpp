#pragma once
// How verbs come to a repository: the one place that settles what its gits go by.
//
// Agents may be able to write the repository's configuration, and what that names would run as the
// user who calls a verb. So a verb never makes a git::Repository itself; tests/layers.py checks
// that.
#include "app/paths.hpp"
#include "cli/blocking.hpp"
#include "git/repository.hpp"
#include "orch/base/result.hpp"

#include <memory>
#include <string>
#include <utility>

namespace orch::cli {

/// A repository, and the loop that its jobs run on.
struct OpenGit {
  explicit OpenGit(const git::RepositoryFacts& facts)
      : repository(blocking.loop, blocking.children, facts) {}

  template <class T>
  T wait(loop::Job<T> job) {
    return blocking.wait(std::move(job));
  }

  Blocking blocking;
  git::Repository repository;
};

using OpenedGit = Result<std::unique_ptr<OpenGit>>;

/// With the configuration of the newest run's beginning, also once that is over. Where it is gone,
/// or the run's records are: with what of the configuration runs nothing. Without runs: as it is.
OpenedGit open_git(const git::RepositoryFacts& facts);

/// For `up` and `plan`: the same, but where all of the newest run is merged the next one goes by
/// the configuration as it is now, and so does this.
OpenedGit open_git_to_begin(const git::RepositoryFacts& facts);

/// For what is left of a run that has no records: with its configuration if that is still there.
OpenedGit open_git_of_lost_run(const git::RepositoryFacts& facts, const std::string& run);

/// For reports in an agent's own pane, as restricted as the agent is: with the configuration
/// as it is.
OpenedGit open_git_as_agent(const git::RepositoryFacts& facts);

}  // namespace orch::cli
