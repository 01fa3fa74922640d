#pragma once
// The agents that need no configuration.
#include <span>
#include <string_view>

namespace orch {

struct BuiltinAgent {
  std::string_view name;
  std::string_view text;  ///< a configuration file with the one table `agents.NAME`
};

/// The lowest layers of the configuration, one for each file in src/config/profiles.
std::span<const BuiltinAgent> builtin_agents();

}  // namespace orch
