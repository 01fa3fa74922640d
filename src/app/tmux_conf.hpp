#pragma once
// The configuration of a run's own tmux server, with its values filled in.
#include "orch/config/config.hpp"

#include <string>
#include <string_view>

namespace orch::app {

/// tmux/orch.conf as it is in the sources.
std::string_view tmux_conf_template();
std::string tmux_conf(const TmuxRules& rules);

}  // namespace orch::app
