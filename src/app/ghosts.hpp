#pragma once
// Processes that attempts have left behind. A shim ends all that is below it before it ends itself;
// of one that was killed there may be some.
#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace orch::app {

struct Ghost {
  pid_t pid = 0;
  std::string program;  ///< as the kernel names it: untrusted text
  std::string attempt;  ///< "T1.2", as its environment says: untrusted text
};

/// Those of this user that were started in an attempt below `runs`, by their environment, and are
/// below no living shim; in the order of their numbers. Programs of ours, and what shims are below
/// of (a tmux server that an agent's call had started again), are none.
std::vector<Ghost> find_ghosts(const std::filesystem::path& runs);

/// "2 processes ...: 71 sleep (T1.1), 72 make (T1.1)"; empty: there are none.
std::string ghosts_text(const std::vector<Ghost>& ghosts);

}  // namespace orch::app
