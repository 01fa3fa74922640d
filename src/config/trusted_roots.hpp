#pragma once
// Which repositories the user trusts, so that agents need not ask it in each window.
//
// The user says so on a terminal (trust_root(), a list in their state folder) or in their own
// configuration (`trusted_roots`). A repository cannot say it of itself.
#include "config/layers.hpp"
#include "orch/base/result.hpp"
#include "orch/config/config.hpp"

#include <filesystem>
#include <string>

namespace orch {

/// `$XDG_STATE_HOME/tmux-orch/trusted`, or below `$HOME/.local/state`: a path a line. Empty when
/// neither variable is set.
std::filesystem::path trusted_roots_file(const Environment& environment);

/// A path of the configuration with the home folder for its `~/`; empty where there is none.
std::filesystem::path place_at_home(const std::string& path, const Environment& environment);

/// Is `root`, the folder of a repository's first worktree, named by the configuration or by that
/// file? Exactly this folder: a trusted folder above it is not enough. A file that others could
/// have written does not count.
bool is_trusted_root(const Config& config, const Environment& environment,
                     const std::filesystem::path& root);

/// Remembers that the user trusts `root` (0600; safe to repeat). Only to be called when the user
/// said so on a terminal. Fault::Refused: a path that has no place in such a file, no home folder.
Status trust_root(const Environment& environment, const std::filesystem::path& root);

}  // namespace orch
