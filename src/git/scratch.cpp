// The name of a scratch file says whose it is.
#include "git/scratch.hpp"

#include "orch/base/process.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <string>
#include <system_error>
#include <vector>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

bool is_left_over(std::string_view name) {
  for (const std::string_view kind :
       {kScratchIndex, kScratchAttributes, kScratchObject, kScratchForecast}) {
    if (!name.starts_with(kind)) continue;
    pid_t pid = 0;
    const auto [end, error] =
        std::from_chars(name.data() + kind.size(), name.data() + name.size(), pid);
    return error == std::errc{} && !identify(pid);
  }
  return false;
}

}  // namespace

fs::path scratch_name(const fs::path& git_dir, std::string_view kind, const void* owner) {
  return git_dir / fmt::format("{}{}.{}", kind, ::getpid(), owner);
}

void sweep_scratch(const fs::path& git_dir) {
  std::error_code error;
  std::vector<fs::path> left_over;
  for (fs::directory_iterator entry(git_dir, error), end; !error && entry != end;
       entry.increment(error)) {
    if (is_left_over(entry->path().filename().native())) left_over.push_back(entry->path());
  }
  for (const fs::path& path : left_over)
    fs::remove_all(path, error);
}

}  // namespace orch::git
