// Commit by commit, each a merge of three trees.
#include "git/replay.hpp"

#include "git/attribute_tree.hpp"
#include "git/objects.hpp"
#include "git/parse.hpp"
#include "git/plain_merge.hpp"
#include "git/queries.hpp"
#include "git/signing.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace orch::git {

namespace {

constexpr Span kMergeTime = std::chrono::minutes(2);

struct Original {
  CommitId id;
  CommitText text;
};

bool is_trailer(std::string_view line) {
  const std::size_t colon = line.find(": ");
  if (colon == 0 || colon == std::string_view::npos) return false;
  return std::ranges::all_of(line.substr(0, colon), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

/// Oldest first; none: too many.
Job<std::vector<Original>> originals(GitContext& git, ReplayRequest request) {
  std::vector<Original> commits;
  Call list = git.call({"rev-list", "--reverse", "--topo-order", "--no-merges",
                        request.onto.value + ".." + request.branch.value, "--"},
                       fmt::format("list the commits of {}", shortened(request.branch)));
  const auto text = co_await git.runner.output(std::move(list));
  if (!text) co_return passed_on(text);
  const std::vector<std::string_view> ids = split_lines(*text);
  if (ids.size() > kMostParts) co_return commits;
  for (const std::string_view id : ids) {
    const CommitId commit{std::string(id)};
    auto read = co_await commit_text(git, commit);
    if (!read) co_return passed_on(read);
    commits.push_back({commit, *std::move(read)});
  }
  co_return commits;
}

/// What the commit changed, done to the tree; empty: that conflicts.
Job<std::string> tree_after(GitContext& git, Original commit, std::string tree, Identity identity) {
  const CommitId parent{commit.text.parents.front()};
  auto plain = co_await plain_merge(git, parent.value, tree, commit.text.tree);
  if (plain && !plain->empty()) co_return std::move(*plain);
  // Git takes the base of a merge from commits: those of the two sides live only for that.
  std::vector<CommitId> parents = {parent};
  const auto ours = co_await commit_tree(git, tree, parents, "replayed\n", identity);
  if (!ours) co_return passed_on(ours);
  Call merge =
      git.call({"merge-tree", "--write-tree", "-z", "--name-only", ours->value, commit.id.value},
               fmt::format("replay {}", shortened(commit.id)));
  merge.timeout = kMergeTime;
  const auto finished = co_await run_merge(git, merge, *ours, commit.id);
  if (!finished) co_return passed_on(finished);
  const auto merged = parse_merge(finished->out);
  if (finished->code > 1 || !merged) co_return failed(merge, *finished);
  co_return finished->ok() ? merged->tree : std::string();
}

Job<CommitId> commit_like(GitContext& git, CommitText like, std::string tree, CommitId parent,
                          std::string message, Identity identity) {
  Call make = git.call({"commit-tree", "-F", "-", "-p", parent.value, tree}, "make a commit");
  make.input = std::move(message);
  make.env = {{"GIT_AUTHOR_NAME", like.author.name},
              {"GIT_AUTHOR_EMAIL", like.author.email},
              {"GIT_AUTHOR_DATE", like.author_date},
              {"GIT_COMMITTER_NAME", identity.name},
              {"GIT_COMMITTER_EMAIL", identity.email}};
  auto commit = co_await git.line(std::move(make));
  if (!commit) co_return passed_on(commit);
  co_return CommitId{std::move(*commit)};
}

struct Step {
  CommitText like;
  std::string tree;
};

/// Those that change something; none: they do not come to the merge.
Job<std::vector<Step>> steps(GitContext& git, ReplayRequest request) {
  std::vector<Step> steps;
  auto commits = co_await originals(git, request);
  if (!commits) co_return passed_on(commits);
  auto tree = co_await tree_of(git, request.onto);
  if (!tree) co_return passed_on(tree);
  for (Original& commit : *commits) {
    if (commit.text.parents.empty()) co_return std::vector<Step>();
    auto after = co_await tree_after(git, commit, *tree, request.identity);
    if (!after) co_return passed_on(after);
    if (after->empty()) co_return std::vector<Step>();
    if (*after == *tree) continue;
    tree = *after;
    steps.push_back({std::move(commit.text), *std::move(after)});
  }
  if (*tree != request.merged) steps.clear();
  co_return steps;
}

}  // namespace

std::string with_trailers(std::string_view message, std::string_view trailers) {
  const std::string text(trim(message));
  const std::size_t last = text.rfind("\n\n");
  const std::string_view block =
      last == std::string::npos ? std::string_view() : std::string_view(text).substr(last + 2);
  const bool has_some = !block.empty() && std::ranges::all_of(split_lines(block), is_trailer);
  return fmt::format("{}{}{}", text, has_some ? "\n" : "\n\n", trailers);
}

Job<std::optional<CommitId>> replayed(GitContext& git, ReplayRequest request) {
  auto made = co_await steps(git, request);
  if (!made) co_return passed_on(made);
  if (made->empty()) co_return std::nullopt;
  made->back().tree = request.tree;
  CommitId tip = request.onto;
  for (const Step& step : *made) {
    const bool is_last = &step == &made->back();
    const std::string& trailers = is_last ? request.last : request.trailer;
    auto message = with_trailers(step.like.message, trailers);
    auto commit =
        co_await commit_like(git, step.like, step.tree, tip, std::move(message), request.identity);
    if (!commit) co_return passed_on(commit);
    tip = *std::move(commit);
  }
  co_return tip;
}

}  // namespace orch::git
