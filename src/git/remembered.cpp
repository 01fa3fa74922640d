// Asks again when a file of git's configuration has changed.
#include "git/remembered.hpp"

#include "git/context.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <utility>
#include <vector>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr Span kKept = std::chrono::seconds(10);

fs::path in_folder_of(const char* variable, const char* name) {
  const char* folder = std::getenv(variable);
  return folder == nullptr ? fs::path() : fs::path(folder) / name;
}

/// git-config(1), FILES.
std::vector<fs::path> settings_files(const GitContext& git) {
  return {git.git_dir / "config",
          git.git_dir / "config.worktree",
          in_folder_of("HOME", ".gitconfig"),
          in_folder_of("HOME", ".config/git/config"),
          in_folder_of("XDG_CONFIG_HOME", "git/config"),
          in_folder_of("GIT_CONFIG_GLOBAL", "")};
}

/// Of a file system that counts in fractions of a second, that is longer than a tick of the kernel.
Span settling_time(const timespec& written) {
  return written.tv_nsec % 1'000'000 != 0 ? Span(100) : Span(2'100);
}

bool is_fresh(const timespec& written) {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  const std::int64_t age =
      (now.tv_sec - written.tv_sec) * 1000 + (now.tv_nsec - written.tv_nsec) / 1'000'000;
  return age < settling_time(written).count();
}

}  // namespace

std::string stand_of(const std::vector<fs::path>& files) {
  std::string stand = "of\n";
  for (const fs::path& file : files) {
    struct stat status {};

    if (file.empty() || ::stat(file.c_str(), &status) != 0) continue;
    if (is_fresh(status.st_ctim)) return {};
    stand += fmt::format("{} {} {} {}.{} {}.{}\n", file.native(), status.st_ino, status.st_size,
                         status.st_ctim.tv_sec, status.st_ctim.tv_nsec, status.st_mtim.tv_sec,
                         status.st_mtim.tv_nsec);
  }
  return stand;
}

loop::Job<Result<loop::Finished>> remembered(GitContext& git, Call ask) {
  const std::string key = fmt::format("{} {}", ask.live, join(ask.args, " "));
  const std::string files = stand_of(settings_files(git));
  const std::int64_t now = loop::Loop::boottime_ms();
  const auto known = git.answers.find(key);
  const bool counts = known != git.answers.end() && known->second.files == files &&
                      !files.empty() && now - known->second.at_ms < kKept.count();
  if (counts) co_return known->second.finished;
  Result<loop::Finished> finished = co_await git.runner.run(std::move(ask));
  if (finished) git.answers[key] = {*finished, files, now};
  co_return finished;
}

}  // namespace orch::git
