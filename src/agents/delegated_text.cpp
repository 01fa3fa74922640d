// How it ended, and what is to be done in the worktree.
#include "agents/delegated_text.hpp"

#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orch {
namespace {

constexpr std::size_t kLongestAnswer = 1000;
constexpr std::size_t kMostNames = 20;

std::string names_of(const std::vector<std::string>& paths) {
  const std::size_t shown = std::min(paths.size(), kMostNames);
  const auto end = paths.begin() + static_cast<std::ptrdiff_t>(shown);
  std::string text = one_line(join(std::vector<std::string>(paths.begin(), end), ", "));
  if (paths.size() > shown) text += fmt::format(" and {} more", paths.size() - shown);
  return text;
}

std::string about_worktree(const DelegatedPlace& place) {
  if (place.commit.empty()) return "There is nothing to merge. Go on.";
  if (!place.begun_at.empty())
    return fmt::format(
        "It is built on work of an earlier attempt that you do not have, so it was not merged. Its "
        "own commits, which you may take: git cherry-pick {}..{}\nThen go on; at the end: "
        "tmux-orch "
        "done --leave-delegated.",
        place.begun_at, place.commit);
  if (place.is_merged) return "Its work is merged into your branch. Look at it, and go on.";
  if (!place.conflicts.empty())
    return fmt::format(
        "A merge of its work into your branch is under way, with conflicts in: {}\nResolve them, "
        "`git add` them, run: git commit --no-edit\nThen go on.",
        names_of(place.conflicts));
  return fmt::format(
      "It could not be merged into your branch: {}.\nCommit what belongs to your work, then run, "
      "which is right here: git merge --no-edit {}\nThen go on.",
      one_line(place.why_not, kLongestAnswer), place.commit);
}

}  // namespace

std::string delegated_text(const DelegatedPlace& place) {
  std::string text = fmt::format(
      "{}, which you have delegated, {}.\n", one_line(place.task),
      place.is_done ? "is done" : "is not done: " + one_line(place.why, kLongestAnswer));
  if (!place.said.empty())
    text += fmt::format("Its agent says:\n> {}\n", one_line(place.said, kLongestAnswer));
  if (!place.is_done) return text + "Do it yourself, or go on without it.";
  return text + about_worktree(place);
}

}  // namespace orch
