#pragma once
// Which attributes decide a merge: those of the side it lands on, not of what is checked out.
#include "git/context.hpp"
#include "git/values.hpp"

namespace orch::git {

/// The same merge with the attributes of `onto`, and with no index to take others from. The
/// checkout stays the work tree where it has the same, as a driver may be a program in it.
Job<loop::Finished> run_merge(GitContext& git, Call merge, CommitId onto, CommitId branch);

}  // namespace orch::git
