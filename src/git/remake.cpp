// A commit on the tip with the tree of a candidate that was tested on something else.
//
// Like a signed copy it takes the candidate's place under its ref before the branch moves, so that
// it is known again after a kill.
#include "git/remake.hpp"

#include "git/objects.hpp"
#include "git/parse.hpp"
#include "git/queries.hpp"
#include "git/refs.hpp"
#include "git/signing.hpp"
#include "orch/base/failpoint.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace orch::git {

namespace {

/// What the commit is to be: the candidate itself on another parent, or a merge of all that the
/// candidate is made of.
CommitText wanted_text(const RemakeRequest& request, CommitText candidate) {
  if (request.message.empty()) {
    if (candidate.parents.empty()) candidate.parents.emplace_back();
    candidate.parents.front() = request.onto.value;
    return candidate;
  }
  candidate.parents = {request.onto.value, request.candidate.value};
  candidate.message = request.message;
  return candidate;
}

bool is_same(const CommitText& one, const CommitText& other) {
  return one.tree == other.tree && one.parents == other.parents && one.message == other.message;
}

}  // namespace

Job<CommitId> made_on_tip(GitContext& git, RemakeRequest request) {
  auto candidate = co_await commit_text(git, request.candidate);
  if (!candidate) co_return passed_on(candidate);
  const CommitText wanted = wanted_text(request, std::move(*candidate));
  const auto held = co_await ref(git, request.candidate_ref);
  if (!held) co_return passed_on(held);
  if (*held) {
    const auto text = co_await commit_text(git, **held);
    if (text && is_same(*text, wanted)) co_return **held;
  }
  std::vector<CommitId> parents;
  for (const std::string& parent : wanted.parents)
    parents.push_back(CommitId{parent});
  auto made =
      co_await commit_tree(git, wanted.tree, std::move(parents), wanted.message, request.identity);
  if (!made) co_return passed_on(made);
  failpoint("git.remade");
  co_return co_await kept_under(git, request.candidate_ref, *std::move(made));
}

}  // namespace orch::git
