#pragma once
// What is merged where the changes of a commit are taken back.
#include "git/context.hpp"
#include "git/values.hpp"

#include <vector>

namespace orch::git {

/// Of a merge of trees: what it is made on, what is merged, and where they parted.
struct Sides {
  CommitId onto, branch;
  std::vector<CommitId> bases;  ///< none: they are unrelated, or it is of no interest
};

/// From the commit to what was before its landing, on `onto`. Fault::Corrupt: it has no parent.
Job<Sides> revert_sides(GitContext& git, CommitId onto, CommitId commit);

}  // namespace orch::git
