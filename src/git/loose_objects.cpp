// Commits down to the known ones, and of each what its tree has other than that of its parent. Only
// files count: a git that stays may still read what a `gc --prune=now` has taken.
#include "git/loose_objects.hpp"

#include "git/history.hpp"
#include "git/object_writer.hpp"
#include "git/parse.hpp"
#include "git/trees.hpp"

#include <deque>
#include <map>
#include <set>
#include <string>

namespace orch::git {
namespace {

constexpr std::size_t kMostCommits = 32;
constexpr std::size_t kMostObjects = 2000;
constexpr std::string_view kFolder = "040000";
constexpr std::string_view kSubmodule = "160000";

Failure not_known() {
  return fail(Fault::Busy, "it is not known what a commit adds");
}

using ByName = std::map<std::string, TreeEntry>;

Job<ByName> by_name(GitContext& git, std::string tree) {
  ByName named;
  if (tree.empty()) co_return named;
  const auto entries = co_await entries_in(git, std::move(tree));
  if (!entries) co_return passed_on(entries);
  for (const TreeEntry& entry : *entries)
    named.emplace(entry.path, entry);
  co_return named;
}

/// Is all of the tree `after` loose that `before`, which may be empty, does not have in the same
/// place? `left` is how many objects may still be looked at.
Job<bool> tree_adds_only_loose(GitContext& git, std::string before, std::string after,
                               std::size_t& left) {
  if (before == after) co_return true;
  if (!is_loose(git.git_dir, after)) co_return false;
  const auto was = co_await by_name(git, std::move(before));
  if (!was) co_return passed_on(was);
  const auto now = co_await entries_in(git, std::move(after));
  if (!now) co_return passed_on(now);
  for (const TreeEntry& entry : *now) {
    const auto old = was->find(entry.path);
    const bool same = old != was->end() && old->second == entry;
    if (same || entry.mode == kSubmodule) continue;
    if (left-- == 0) co_return not_known();
    if (entry.mode != kFolder) {
      if (!is_loose(git.git_dir, entry.id)) co_return false;
      continue;
    }
    const bool was_folder = old != was->end() && old->second.mode == kFolder;
    std::string folder;
    if (was_folder) folder = old->second.id;
    const auto below = co_await tree_adds_only_loose(git, std::move(folder), entry.id, left);
    if (!below || !*below) co_return below;
  }
  co_return true;
}

Job<bool> is_reached(GitContext& git, CommitId commit, std::vector<CommitId> known) {
  for (const CommitId& other : known) {
    const auto found = co_await reaches(git, other, commit);
    if (!found) co_return passed_on(found);
    if (*found) co_return true;
  }
  co_return false;
}

Job<CommitText> read_commit(GitContext& git, CommitId commit) {
  constexpr std::size_t kLargest = 1u << 20;
  const auto object = co_await git.objects.read(commit.value, kLargest);
  if (!object) co_return passed_on(object);
  if (!*object || (**object).type != "commit") co_return not_known();
  auto text = parse_commit((**object).bytes);
  if (!text) co_return not_known();
  co_return std::move(*text);
}

}  // namespace

Job<bool> adds_only_loose(GitContext& git, CommitId commit, std::vector<CommitId> known) {
  std::deque<CommitId> next = {commit};
  std::set<CommitId> seen;
  std::size_t left = kMostObjects;
  while (!next.empty()) {
    const CommitId id = next.front();
    next.pop_front();
    if (!seen.insert(id).second) continue;
    const auto within = co_await is_reached(git, id, known);
    if (!within) co_return passed_on(within);
    if (*within) continue;
    if (seen.size() > kMostCommits || !is_loose(git.git_dir, id.value)) co_return false;
    const auto text = co_await read_commit(git, id);
    if (!text) co_return passed_on(text);
    std::string before;
    if (!text->parents.empty()) {
      auto tree = co_await tree_id(git, text->parents.front());
      if (!tree) co_return passed_on(tree);
      before = std::move(*tree);
    }
    const auto loose = co_await tree_adds_only_loose(git, std::move(before), text->tree, left);
    if (!loose || !*loose) co_return loose;
    for (const std::string& parent : text->parents)
      next.push_back(CommitId{parent});
  }
  co_return true;
}

}  // namespace orch::git
