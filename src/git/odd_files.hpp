#pragma once
// FIFOs and devices in the places of texts that git reads: it opens them without a look, and waits
// until somebody writes, or reads without end.
#include "loop/child.hpp"
#include "loop/job.hpp"
#include "orch/base/result.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace orch::git {

/// Where one git may read. An odd file that this git does not read may be found there as well: a
/// git that makes progress is not stopped for it.
struct Reads {
  std::filesystem::path work_tree;              ///< empty: none of its files
  std::vector<std::filesystem::path> git_dirs;  ///< its own, the common one, our copy of that
};

struct OddFile {
  std::filesystem::path path;
  bool waits = true;  ///< opening it waits; else it has no end
};

/// Of all that git may read: below the work tree also in the git folders of repositories inside,
/// wherever they lie, but not in other worktrees of the same repository.
loop::Job<Result<std::vector<OddFile>>> find_odd_files(loop::Children& children, Reads reads);

/// Runs a git, and looks for such a file when it takes long: where there is one, and git has come
/// no further meanwhile, it is ended, and Fault::Refused names the file and how to remove it.
loop::Job<Result<loop::Finished>> run_watched(loop::Children& children, loop::Command command,
                                              Reads reads, std::string doing);

/// "cannot <doing>: PATH is no plain file, ..."
Failure odd_file(std::string_view doing, const std::filesystem::path& path);
/// A command that removes a file of that path, whatever its name is made of; it can be copied.
std::string removal_of(const std::filesystem::path& path);

}  // namespace orch::git
