#pragma once
// The configuration as it counts where a verb was called.
#include "config/layers.hpp"
#include "orch/config/config.hpp"

#include <optional>

namespace orch::cli {

/// The variables of this process.
Environment own_environment();

/// The user's own file, `tmux-orch.toml` in the checkout here (or in this folder, where there is no
/// repository) and the environment; complains about what is wrong. Nothing: there are mistakes.
std::optional<Config> config_here();

}  // namespace orch::cli
