#pragma once
// Takes a task file that the user edited and did not commit along in a fast-forward.
#include "git/context.hpp"
#include "git/landing_values.hpp"

#include <string>
#include <vector>

namespace orch::git {

/// A task file that is changed on both sides of a fast-forward.
struct JoinedFile {
  std::string path, mode, id;  ///< as in the target
  std::string disk;            ///< the text before
  std::string joined;          ///< and with what the target changed
  std::string staged;          ///< id in the index
  std::string staged_joined;   ///< the same for a staged edit; empty: nothing was staged
};

/// Before the fast-forward: gives such files, on the disk and in the index, what the target
/// changed.
Job<std::vector<JoinedFile>> join_edited(GitContext& git, FollowRequest request, Place place,
                                         CommitId tip);
/// After the fast-forward: what was staged is staged again; all is as before if it was refused.
/// What the user staged or committed meanwhile is newer than either.
Job<bool> settle_edited(GitContext& git, std::vector<JoinedFile> joined, Place place, bool moved);
/// After a kill between the fast-forward and what was to be staged again.
Job<bool> settle_interrupted(GitContext& git, Place place);

}  // namespace orch::git
