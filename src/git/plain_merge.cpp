// Where nothing was taken away, nothing can have been renamed, and a file that one side alone has
// changed is as that side has it.
#include "git/plain_merge.hpp"

#include "git/tree_edit.hpp"
#include "git/trees.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace orch::git {
namespace {

using Changes = std::vector<ChangedEntry>;

/// Type changes and what was taken away are for git.
bool only_adds_or_changes(const Changes& changes) {
  return std::ranges::all_of(
      changes, [](const ChangedEntry& change) { return change.kind == 'A' || change.kind == 'M'; });
}

/// Is one of them at, above or below one of the others?
bool meet(const Changes& one, const Changes& other) {
  const auto with_folders = [](const Changes& changes) {
    std::set<std::string> paths;
    for (const ChangedEntry& change : changes) {
      paths.insert(change.path);
      for (std::size_t at = change.path.find('/'); at != std::string::npos;
           at = change.path.find('/', at + 1))
        paths.insert(change.path.substr(0, at));
    }
    return paths;
  };
  const auto has_one_of = [](const std::set<std::string>& paths, const Changes& changes) {
    return std::ranges::any_of(
        changes, [&paths](const ChangedEntry& change) { return paths.contains(change.path); });
  };
  return has_one_of(with_folders(one), other) || has_one_of(with_folders(other), one);
}

}  // namespace

Job<std::string> plain_merge(GitContext& git, std::string base, std::string onto,
                             std::string branch) {
  const auto theirs = co_await changes_between(git, base, branch);
  if (!theirs) co_return passed_on(theirs);
  const auto ours = co_await changes_between(git, base, onto);
  if (!ours) co_return passed_on(ours);
  const bool plain = only_adds_or_changes(*ours) && only_adds_or_changes(*theirs);
  if (!plain || meet(*ours, *theirs)) co_return std::string();
  std::vector<TreeEntry> edits;
  for (const ChangedEntry& change : *theirs)
    edits.push_back({change.new_mode, change.new_id, change.path});
  co_return co_await edited_tree(git, std::move(onto), std::move(edits));
}

}  // namespace orch::git
