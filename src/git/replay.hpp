#pragma once
// The commits of a branch one after the other on another commit, without a checkout: as a rebase
// makes them.
#include "git/context.hpp"
#include "git/values.hpp"

#include <optional>
#include <string>

namespace orch::git {

struct ReplayRequest {
  CommitId onto;
  CommitId branch;
  std::string merged;   ///< the tree of their merge: what the last one has to come to
  std::string tree;     ///< of the last one: the same, with what is changed as it lands
  std::string trailer;  ///< of all but the last: "Orch-Part: T3"
  std::string last;     ///< trailers of the last one
  Identity identity;    ///< who commits them; their authors stay
};

/// The last commit. Nothing: they do not come to the merge one by one, so it lands as one commit:
/// there are none, or too many, one of them conflicts, or a merge of the branch's own made the
/// rest.
Job<std::optional<CommitId>> replayed(GitContext& git, ReplayRequest request);

/// The message with trailers at its end, in the block of those that it has.
std::string with_trailers(std::string_view message, std::string_view trailers);

}  // namespace orch::git
