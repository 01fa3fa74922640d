// Compares test files before and after.
#include "app/weakened_tests.hpp"

#include "config/test_files.hpp"
#include "git/repository.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace orch::app {
namespace {

constexpr std::size_t kMostFiles = 100;
constexpr std::size_t kMostTold = 20;

struct TestFile {
  std::string path;
  std::optional<std::string> before, after;
};

std::string skips_in(const TestFile& file) {
  if (!file.before || !file.after) return {};
  const int more = count_skips(*file.after) - count_skips(*file.before);
  return more > 0 ? fmt::format("skips tests in {}", one_line(file.path, 200)) : std::string();
}

}  // namespace

loop::Job<std::vector<std::string>> weakened_tests(git::Repository& git, CommitId before,
                                                   CommitId after,
                                                   std::vector<std::string> changed) {
  std::erase_if(changed, [](const std::string& path) { return !is_test_file(path); });
  if (changed.size() > kMostFiles) changed.resize(kMostFiles);
  std::vector<TestFile> files;
  std::set<std::string> added;
  for (const std::string& path : changed) {
    Result<std::optional<std::string>> old = co_await git.show_file(before, path);
    Result<std::optional<std::string>> now = co_await git.show_file(after, path);
    if (!old || !now) continue;
    if (!*old && *now) added.insert(**now);
    files.push_back({path, std::move(*old), std::move(*now)});
  }
  std::vector<std::string> told;
  for (const TestFile& file : files) {
    std::string what = skips_in(file);
    const bool is_gone = file.before && !file.after && !added.contains(*file.before);
    if (is_gone) what = fmt::format("deletes {}", one_line(file.path, 200));
    if (!what.empty() && told.size() < kMostTold) told.push_back(std::move(what));
  }
  co_return told;
}

}  // namespace orch::app
