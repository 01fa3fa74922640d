// Has the user committed on the base?
#include "app/upstream_tip.hpp"

#include "git/repository.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>

namespace orch::app {
namespace {

/// Git replaces these files, so each version has a number of its own.
std::string signs_of(const std::filesystem::path& path) {
  struct stat file {};

  if (::stat(path.c_str(), &file) != 0) return "none";
  return fmt::format("{}.{}.{}.{}", file.st_ino, file.st_size, file.st_mtim.tv_sec,
                     file.st_mtim.tv_nsec);
}

}  // namespace

std::string base_signs(const git::Repository& git, const State& state) {
  const RunRecord& run = state.run;
  const std::filesystem::path& folder = git.git_dir();
  return fmt::format("{} {} {} {} {} {}", signs_of(folder / "refs/heads" / run.rules.base),
                     signs_of(folder / "packed-refs"), signs_of(folder / "reftable/tables.list"),
                     run.followed.value, run.base_refused.value, run.integration.value);
}

loop::Job<std::optional<CommitId>> upstream_tip(git::Repository& git, const State& state) {
  const Result<std::optional<CommitId>> tip = co_await git.branch_tip(state.run.rules.base);
  if (!tip || !*tip) co_return std::nullopt;
  const CommitId base = **tip;
  if (base == state.run.followed || base == state.run.base_refused) {
    co_return std::nullopt;
  }
  const Result<bool> contained = co_await git.is_ancestor(base, state.run.integration);
  if (!contained || *contained) co_return std::nullopt;
  co_return base;
}

}  // namespace orch::app
