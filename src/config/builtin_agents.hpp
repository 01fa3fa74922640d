#pragma once
// The agents that need no configuration.
#include <string_view>

namespace orch {

/// The built-in agents as a configuration file, the lowest layer.
std::string_view builtin_agents();

}  // namespace orch
