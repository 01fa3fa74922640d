#pragma once
// Before anything starts: are the agents that a run needs signed in and is the repository trusted,
// and, the first time in a repository, does the user want what would be done?
#include "app/preflight.hpp"
#include "cli/prepare.hpp"
#include "orch/base/result.hpp"
#include "orch/core/rules.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace orch::cli {

/// "is not signed in", of one that is_missing().
std::string missing_text(const app::Preflight& look);

/// The variables of this process, NAME=VALUE.
std::vector<std::string> environment_here();

/// Of an agent, for the repository with this root; with an empty one, for none.
app::Preflight look_before_start(const Config& config, const AgentProfile& profile,
                                 const std::filesystem::path& root);

/// Where a kind of agent that the run would start asks the user first, its first agent is to start
/// alone. Fault::NeedsUser: there is no terminal, so that nobody would see that.
Status settle_agents(const Prepared& prepared, Rules& rules);

/// Warns of each such kind.
void say_who_starts_alone(const Prepared& prepared, const Rules& rules);

/// Shows what would be done, if no run has been in this repository, and asks; false: one has been.
/// Fault::Refused: the user does not want it.
Result<bool> show_first(const Prepared& prepared, const Rules& rules);

}  // namespace orch::cli
