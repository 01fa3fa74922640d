// Chooses the configuration by what is known of runs here.
#include "cli/open_git.hpp"

#include "app/our_processes.hpp"
#include "app/run_on_disk.hpp"
#include "git/frozen.hpp"
#include "git/registration.hpp"

#include <algorithm>
#include <filesystem>

namespace orch::cli {

namespace fs = std::filesystem;

namespace {

/// Agents or worktrees of runs that no database knows.
bool has_lost_run(const git::RepositoryFacts& facts, const app::Paths& paths) {
  return std::ranges::any_of(git::registrations(facts.git_dir), &git::Registration::is_ours) ||
         !app::shims_below(paths.home()).empty();
}

Status use_what_runs_nothing(OpenGit& git, const app::Paths& paths) {
  if (const Status made = paths.make(); !made) return made;
  const Result<bool> used =
      git.wait(git.repository.use_plain(paths.plain_git(git.repository.git_dir())));
  if (!used) return passed_on(used);
  return {};
}

Status settle(OpenGit& git, const git::RepositoryFacts& facts, bool to_begin) {
  const app::Paths paths(facts.root);
  const auto frozen_of = [&paths](const store::RunInfo& run) {
    return app::RunPaths(paths.run(run.id)).git();
  };
  const Result<app::RunHead> head = app::load_newest_head(paths);
  if (!head && head.error().fault == Fault::NotFound && !has_lost_run(facts, paths)) return {};
  if (!head) return use_what_runs_nothing(git, paths);
  const bool may_be_over = to_begin && head->record.phase == RunPhase::Finished;
  if (!may_be_over && git::is_frozen(frozen_of(head->info)))
    return git.repository.use_frozen(frozen_of(head->info));
  const Result<app::RunOnDisk> run = app::load_newest(paths);
  if (!run) return use_what_runs_nothing(git, paths);
  if (to_begin && app::is_all_merged(run->state)) return {};
  if (git::is_frozen(frozen_of(run->info))) return git.repository.use_frozen(frozen_of(run->info));
  return app::has_had_agents(run->state) ? use_what_runs_nothing(git, paths) : Status();
}

OpenedGit open(const git::RepositoryFacts& facts, bool to_begin) {
  auto git = std::make_unique<OpenGit>(facts);
  if (const Status settled = settle(*git, facts, to_begin); !settled) return passed_on(settled);
  return git;
}

}  // namespace

OpenedGit open_git(const git::RepositoryFacts& facts) {
  return open(facts, false);
}

OpenedGit open_git_to_begin(const git::RepositoryFacts& facts) {
  return open(facts, true);
}

OpenedGit open_git_of_lost_run(const git::RepositoryFacts& facts, const std::string& run) {
  const app::Paths paths(facts.root);
  const fs::path frozen = app::RunPaths(paths.run(run)).git();
  auto git = std::make_unique<OpenGit>(facts);
  const Status settled = git::is_frozen(frozen) ? git->repository.use_frozen(frozen)
                                                : use_what_runs_nothing(*git, paths);
  if (!settled) return passed_on(settled);
  return git;
}

OpenedGit open_git_as_agent(const git::RepositoryFacts& facts) {
  return std::make_unique<OpenGit>(facts);
}

}  // namespace orch::cli
