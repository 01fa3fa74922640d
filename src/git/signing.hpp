#pragma once
// Signs what lands, as the user's git does: see the calls of git::Repository.
#include "git/context.hpp"
#include "git/landing_values.hpp"

#include <string>

namespace orch::git {

struct CommitText;

Job<SignWhen> signing(GitContext& git);
Job<bool> set_signing(GitContext& git, std::string when);
Job<bool> try_signing(GitContext& git, CommitId like);
Job<CommitId> signed_candidate(GitContext& git, CommitId candidate, std::string candidate_ref,
                               std::string branch_ref);
/// Fault::Corrupt: it is no commit.
Job<CommitText> commit_text(GitContext& git, CommitId commit);
/// The same commit with a signature. Fault::TimedOut: the signer did not answer.
Job<CommitId> sign(GitContext& git, CommitText commit, Span timeout);

}  // namespace orch::git
