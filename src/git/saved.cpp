// Which commits a worktree is at, and whether they are safe elsewhere.
#include "git/saved.hpp"

#include "git/queries.hpp"
#include "git/refs.hpp"
#include "orch/base/text.hpp"

#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

Failure not_saved(const fs::path& worktree, std::string_view what) {
  return hinted(
      fail(Fault::Refused, "{} has {} that would be lost", one_line(worktree.native()), what),
      "rescue it first");
}

bool is_real_folder(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(fs::symlink_status(path, error));
}

Job<Tips> tips_of(GitContext& git, std::string branch, std::optional<Registration> registration) {
  Tips tips;
  if (!branch.empty()) {
    auto tip = co_await branch_tip(git, branch);
    if (!tip) co_return passed_on(tip);
    tips.branch = std::move(*tip);
  }
  if (!registration) co_return tips;
  Place place{registration->admin, registration->path};
  auto head = co_await head_of(git, std::move(place));
  if (!head) co_return passed_on(head);
  tips.head = std::move(*head);
  co_return tips;
}

Job<std::vector<CommitId>> check_saved(GitContext& git, fs::path worktree, Tips tips,
                                       std::vector<CommitId> safe) {
  std::vector<CommitId> commits;
  if (!tips.head.empty()) commits.push_back(tips.head);
  if (tips.branch && *tips.branch != tips.head) commits.push_back(*tips.branch);
  const auto within = co_await all_within(git, commits, std::move(safe));
  if (!within) co_return passed_on(within);
  if (!*within) co_return not_saved(worktree, "commits");
  co_return commits;
}

}  // namespace orch::git
