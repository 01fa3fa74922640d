#pragma once
// The choice of the agent that works on a task.
#include "orch/base/result.hpp"
#include "orch/config/config.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace orch {

/// The program that starts an agent: its wrapper's, or its own. Empty: it is switched off.
std::string program_of(const AgentProfile& profile);

/// Does its program tell us by hooks what it is at? By the text of its command and files: a hook of
/// ours names this program by its variable.
bool has_hooks(const AgentProfile& profile);

/// Which agent works on a task: `wanted` by the task, by a flag, or nothing (then `config.agent`).
/// "auto" is the first automatic agent by name whose program `is_installed`.
Result<std::string> choose_agent(const Config& config, std::string_view wanted,
                                 const std::function<bool(const std::string&)>& is_installed);

}  // namespace orch
