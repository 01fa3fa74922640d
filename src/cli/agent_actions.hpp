#pragma once
// What follows the word `agents`, each in a file of its own.
#include "cli/verbs.hpp"
#include "orch/base/result.hpp"
#include "orch/config/config.hpp"

#include <string>
#include <vector>

namespace orch::cli {

struct AgentsOptions : JsonOptions {
  std::vector<std::string> words;  ///< what to do, and with what
  std::string name;                ///< record: of its files
  std::string timeout;             ///< test: a span
  bool yes = false;                ///< test: do not ask
};

/// The profile of that name. Fault::NotFound names those that there are.
Result<AgentProfile> profile_named(const Config& config, const std::string& name);

/// Writes the screen of a task's agent into files.
int record_screen(const std::string& task, const std::string& folder, const AgentsOptions& options);

/// Has an agent of that kind do a small task.
int test_agent(const std::string& kind, const AgentsOptions& options);

}  // namespace orch::cli
