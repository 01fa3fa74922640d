#pragma once
// What worktrees will have of the base: looked at before anything begins.
#include "cli/open_git.hpp"
#include "cli/prepare.hpp"
#include "orch/base/result.hpp"
#include "orch/core/ids.hpp"

#include <string>

namespace orch::cli {

/// Fault::Refused: a folder of `worktrees.sparse` is none on the base; told with the place where it
/// is named.
Status check_sparse_folders(OpenGit& git, const Prepared& prepared, const std::string& base,
                            const CommitId& tip);
/// Warns of submodules of the base that cannot be brought to worktrees, as they are not here.
Status say_without_submodules(OpenGit& git, const Prepared& prepared, const CommitId& tip);
/// Warns of filters that the base's attributes name and git has no program for.
Status say_without_filters(OpenGit& git, const CommitId& tip);

}  // namespace orch::cli
