#pragma once
// Notices that the folder of a repository was moved or copied since its last supervisor: what is
// stored has relative paths, but git's links to worktrees have not, and a copy has processes
// written down that are the other's.
#include "app/paths.hpp"
#include "orch/base/result.hpp"

#include <cstdint>
#include <filesystem>

namespace orch::store {
class Store;
}

namespace orch::app {

enum class Whereabouts : std::uint8_t {
  Same,
  Moved,   ///< the very folder, at another path
  Copied,  ///< the one it was copied from is still where it was
};

struct LastPlace {
  Whereabouts now = Whereabouts::Same;
  fs::path root;  ///< where the last supervisor was; empty: there was none yet
};

LastPlace last_place(const Paths& paths);

/// Makes what lies here fit for this place before a supervisor looks at it, and writes the place
/// down. The caller holds the lock. Fault::Refused: agents live that were started at the other
/// place.
Status settle(const Paths& paths, const fs::path& git_dir, store::Store& store);

/// For verbs: what to do when the folder was moved under a living supervisor. Fault::Refused then.
Status check_not_moved(const Paths& paths);

}  // namespace orch::app
