#pragma once
// What an agent may run without asking anybody.
//
// A profile has a list of commands that is the same for every agent, and how its own program wants
// one of them written. A command that ends with ` *` may be followed by any arguments.
#include "agents/attempt_place.hpp"
#include "orch/config/config.hpp"

#include <string>
#include <vector>

namespace orch {

/// The test as one writes it in a shell.
std::string command_line(const TestCommand& test);
/// What is added to its environment, in the same way: "CI=1 NODE_ENV=test".
std::string variables_line(const TestCommand& test);

/// The commands of the profile and the tests, in the words of nobody's program: with the worktree's
/// path in them, and each git command a second time with `-C` and that path.
std::vector<std::string> allowed_commands(const AgentProfile& profile, const AttemptPlace& place);

/// The same, each as the agent's program wants it. Empty where the profile does not say how.
std::vector<std::string> written_allowed(const AgentProfile& profile, const AttemptPlace& place);

}  // namespace orch
