#pragma once
// The sandbox that agents are put into: the arguments of bubblewrap.
//
// An agent in it reads what the user can but for what is hidden, and writes in its worktree, its
// attempt's folder, its program's own files, and of the repository's git what a commit on its
// branch needs; one that only looks at work writes nothing of that. The network is as it is. What
// it does not prevent is said in docs/security.md.
#include "orch/config/config.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace orch {

/// The program that makes it, and the package that has it.
inline constexpr std::string_view kSandboxProgram = "bwrap";
inline constexpr std::string_view kSandboxPackage = "bubblewrap";

/// All paths are absolute and without links in them, and exist unless it says otherwise.
struct SandboxPlace {
  std::string home;                         ///< the user's home folder; empty: none
  std::string root;                         ///< the repository's
  std::string git;                          ///< its git folder, which all worktrees share
  std::string worktree;                     ///< of this attempt
  std::string own_git;                      ///< git's folder for that worktree
  std::string branch;                       ///< that it commits on
  std::string attempt;                      ///< the attempt's folder; empty: it has none
  std::string attempts;                     ///< that of all attempts of the run, which is hidden
  std::string temporary;                    ///< `/tmp` and the like are hidden; what TMPDIR is then
  std::vector<std::string> hidden_folders;  ///< keys and sockets
  std::vector<std::string> hidden_files;
  std::vector<std::string> scratch;  ///< caches that are empty and may be written
  std::vector<std::string> read;     ///< seen although a folder above is hidden; may be missing
  std::vector<std::string> write;    ///< may be missing
  std::vector<std::string> protect;  ///< of those, what may not be written; may be missing
  bool only_looks = false;           ///< it may not write in the worktree, and commits nothing
};

/// Are agents put into it?
bool is_sandboxed(const Config& config);

/// What is put in front of an agent's command.
std::vector<std::string> sandbox_command(const SandboxPlace& place);

/// A command that does nothing in such a sandbox: does this system allow it?
std::vector<std::string> sandbox_probe();

/// Where in a home folder keys, passwords and sessions usually are: hidden where they exist.
std::vector<std::string> usual_secrets();

}  // namespace orch
