// Has the user committed on the base?
#include "app/upstream_tip.hpp"

#include "git/repository.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>
#include <string_view>

namespace orch::app {
namespace {

/// Git replaces these files, so each version has a number of its own.
std::string signs_of(const std::filesystem::path& path) {
  struct stat file {};

  if (::stat(path.c_str(), &file) != 0) return "none";
  return fmt::format("{}.{}.{}.{}", file.st_ino, file.st_size, file.st_mtim.tv_sec,
                     file.st_mtim.tv_nsec);
}

/// Of the ref's own file, and of those that a symbolic one leads to.
std::string signs_of_ref(const std::filesystem::path& folder, std::string ref) {
  constexpr int kMostSteps = 5;  // as many as git follows
  constexpr std::size_t kLongestRef = 4096;
  constexpr std::string_view kSymbolic = "ref: ";
  std::string signs;
  for (int step = 0; step < kMostSteps; ++step) {
    signs += signs_of(folder / ref) + " ";
    const Result<std::string> text = read_file(folder / ref, kLongestRef);
    if (!text || !text->starts_with(kSymbolic)) break;
    ref = trim(text->substr(kSymbolic.size()));
  }
  return signs;
}

}  // namespace

std::string base_signs(const git::Repository& git, const State& state) {
  const RunRecord& run = state.run;
  const std::filesystem::path& folder = git.git_dir();
  return fmt::format("{} {} {} {} {} {}", signs_of_ref(folder, "refs/heads/" + run.rules.base),
                     signs_of(folder / "packed-refs"), signs_of(folder / "reftable/tables.list"),
                     run.followed.value, run.base_refused.value, run.integration.value);
}

loop::Job<Result<std::optional<CommitId>>> upstream_tip(git::Repository& git, const State& state) {
  const Result<std::optional<CommitId>> tip = co_await git.branch_tip(state.run.rules.base);
  if (!tip) co_return passed_on(tip);
  if (!*tip) co_return std::nullopt;
  const CommitId base = **tip;
  if (base == state.run.followed || base == state.run.base_refused) {
    co_return std::nullopt;
  }
  const Result<bool> contained = co_await git.is_ancestor(base, state.run.integration);
  if (!contained) co_return passed_on(contained);
  if (*contained) co_return std::nullopt;
  co_return base;
}

}  // namespace orch::app
