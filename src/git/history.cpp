// Commits name their parents, and never other ones: what was read once is kept.
#include "git/history.hpp"

#include "git/parse.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <deque>
#include <set>
#include <string>
#include <vector>

namespace orch::git {
namespace {

constexpr std::size_t kLargestCommit = 1u << 20;
constexpr std::size_t kMostCommits = 64;
constexpr std::size_t kLongestLine = 32;
constexpr std::size_t kMostRemembered = 10'000;

using Ids = std::set<std::string>;

/// An error: there is no such commit, or it cannot be read.
Job<std::vector<std::string>> parents_of(GitContext& git, std::string id) {
  if (const auto known = git.parents.find(id); known != git.parents.end()) co_return known->second;
  const auto commit = co_await git.objects.read(id, kLargestCommit);
  if (!commit) co_return passed_on(commit);
  const bool is_one = commit->has_value() && (**commit).type == "commit" && (**commit).id == id;
  auto parsed = is_one ? parse_commit((**commit).bytes) : std::nullopt;
  if (!parsed) co_return fail(Fault::NotFound, "there is no commit {}", one_line(id, 80));
  if (git.parents.size() >= kMostRemembered) git.parents.clear();
  git.parents[id] = parsed->parents;
  co_return std::move(parsed->parents);
}

/// The last commits of a history.
struct Recent {
  Ids ids;
  bool whole = false;  ///< there is no more of it, but what is below `end`
};

Job<Recent> recent(GitContext& git, CommitId from, Ids end) {
  Recent found;
  std::deque<std::string> next = {from.value};
  while (!next.empty() && found.ids.size() < kMostCommits) {
    const std::string id = std::move(next.front());
    next.pop_front();
    if (end.contains(id) || !found.ids.insert(id).second) continue;
    const auto parents = co_await parents_of(git, id);
    if (!parents) co_return passed_on(parents);
    next.insert(next.end(), parents->begin(), parents->end());
  }
  found.whole = next.empty();
  co_return found;
}

}  // namespace

Job<bool> reaches(GitContext& git, CommitId from, CommitId to) {
  std::deque<std::string> next = {from.value};
  Ids seen;
  while (!next.empty() && seen.size() < kMostCommits) {
    const std::string id = std::move(next.front());
    next.pop_front();
    if (!seen.insert(id).second) continue;
    const auto parents = co_await parents_of(git, id);
    if (!parents) co_return passed_on(parents);
    if (id == to.value) co_return true;
    next.insert(next.end(), parents->begin(), parents->end());
  }
  co_return false;
}

Job<std::optional<CommitId>> near_merge_base(GitContext& git, CommitId onto, CommitId branch) {
  const auto grown = co_await reaches(git, branch, onto);
  if (grown && *grown) co_return onto;
  Ids own;
  CommitId start = std::move(branch);
  while (true) {
    const auto found = co_await reaches(git, onto, start);
    if (found && *found) break;
    own.insert(start.value);
    const auto parents = co_await parents_of(git, start.value);
    if (!parents || parents->size() != 1 || own.size() > kLongestLine) co_return std::nullopt;
    start.value = parents->front();
  }
  // None of the branch's own may be in the other history: all of that is looked at, down to what is
  // below the base.
  Ids no_end;
  const auto below = co_await recent(git, start, std::move(no_end));
  if (!below) co_return std::nullopt;
  const auto beside = co_await recent(git, onto, below->ids);
  if (!beside || !beside->whole) co_return std::nullopt;
  const bool met = std::ranges::any_of(
      own, [&beside](const std::string& id) { return beside->ids.contains(id); });
  if (met) co_return std::nullopt;
  co_return start;
}

}  // namespace orch::git
