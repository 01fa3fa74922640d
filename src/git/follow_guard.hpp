#pragma once
// What a fast-forward would meet in the user's checkout, and the end of one that was killed.
#include "git/context.hpp"
#include "git/landing_values.hpp"
#include "git/parse.hpp"
#include "git/values.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace orch::git {

/// Nothing is there, not even a link that leads nowhere.
bool is_missing(const std::filesystem::path& path);

/// What a fast-forward of a checkout would meet there.
struct Outlook {
  std::string mark;  ///< of StepMark::Following, for who repairs the checkout
  std::vector<ReplacedSubmodule> submodules;  ///< not empty, and git would delete them
};

/// An earlier follow() was killed here and may have left its locks. False: they are held, or not
/// known to be stale.
Job<bool> clear_interrupted(GitContext& git, Place place, FollowRequest request);
/// Puts the files that a killed fast-forward had begun to write back to what the index says. They
/// were clean before, and are the beginning of what is in its target, so nothing is lost.
Job<bool> repair_checkout(GitContext& git, Place place, CommitId tip);
/// Changes nothing.
Job<Outlook> look_ahead(GitContext& git, Place place, CommitId tip, CommitId target);

}  // namespace orch::git
