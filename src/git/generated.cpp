// Takes files of one tree into another.
#include "git/generated.hpp"

#include "git/objects.hpp"
#include "git/parse.hpp"
#include "git/queries.hpp"
#include "git/refs.hpp"
#include "git/signing.hpp"
#include "orch/base/failpoint.hpp"

#include <algorithm>
#include <utility>

namespace orch::git {

namespace {

/// What replaces the files: their entries of the one, or of the other, or nothing.
std::vector<TreeEntry> edits_for(const std::vector<std::string>& files,
                                 const std::vector<TreeEntry>& entries,
                                 const std::vector<TreeEntry>& others) {
  const std::string none(40, '0');
  std::vector<TreeEntry> edits;
  for (const std::string& file : files) {
    auto entry = std::ranges::find(entries, file, &TreeEntry::path);
    if (entry == entries.end()) {
      entry = std::ranges::find(others, file, &TreeEntry::path);
      if (entry == others.end()) edits.push_back({"0", none, file});
      if (entry == others.end()) continue;
    }
    edits.push_back(*entry);
  }
  return edits;
}

}  // namespace

Job<std::string> with_files_of(GitContext& git, std::string tree, std::vector<std::string> files,
                               CommitId onto, CommitId branch) {
  const auto wanted = co_await tree_entries(git, onto.value, files);
  if (!wanted) co_return passed_on(wanted);
  const auto others = co_await tree_entries(git, branch.value, files);
  if (!others) co_return passed_on(others);
  std::vector<TreeEntry> edits = edits_for(files, *wanted, *others);
  co_return co_await replace_entries(git, std::move(tree), std::move(edits));
}

Job<CommitId> with_generated(GitContext& git, GeneratedRequest request) {
  const auto candidate = co_await commit_text(git, request.candidate);
  if (!candidate) co_return passed_on(candidate);
  const auto entries = co_await tree_entries(git, request.made, request.files);
  if (!entries) co_return passed_on(entries);
  std::vector<TreeEntry> none;
  std::vector<TreeEntry> edits = edits_for(request.files, *entries, none);
  auto tree = co_await replace_entries(git, candidate->tree, std::move(edits));
  if (!tree) co_return passed_on(tree);
  std::vector<CommitId> parents;
  for (const std::string& parent : candidate->parents)
    parents.push_back(CommitId{parent});
  auto commit = co_await commit_tree(git, *std::move(tree), std::move(parents), candidate->message,
                                     request.identity);
  if (!commit) co_return passed_on(commit);
  failpoint("git.generated");
  co_return co_await kept_under(git, request.candidate_ref, *std::move(commit));
}

}  // namespace orch::git
