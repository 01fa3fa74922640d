#pragma once
// What the commands of a set-up depend on, as one print: two equal ones mean that they would make
// the same.
#include "git/context.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace orch::git {

struct SetUpPrintRequest {
  std::filesystem::path worktree;
  std::filesystem::path source;  ///< where what is brought comes from
  std::vector<std::string>
      brought;  ///< paths that come from there, whether they did already or not
  std::vector<std::string> patterns;  ///< files, folders with all in them, patterns with `*`
  std::string settings;               ///< all else that counts
};

struct SetUpPrint {
  std::string print;
  std::vector<std::string> missing;  ///< patterns that name nothing
};

/// Fault::Full: the patterns name too many files.
Job<SetUpPrint> print_set_up(GitContext& git, SetUpPrintRequest request);

}  // namespace orch::git
