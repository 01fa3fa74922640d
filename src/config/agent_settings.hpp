#pragma once
// The settings of one kind of agent, and the table of the kinds by name.
#include "config/setting_reader.hpp"
#include "config/table_reader.hpp"
#include "orch/config/config.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>

namespace orch {

inline constexpr std::string_view kAgentPrefix = "agents.";

/// In the order in which the documentation lists them.
std::span<const Setting<AgentProfile>> agent_settings();

/// Each kind key by key. A repository's file can make up kinds of its own; of those that there are
/// already it can narrow what they may do, and nothing else that gives rights.
void read_agents(const SettingReader& reader, std::map<std::string, AgentProfile>& agents);

}  // namespace orch
