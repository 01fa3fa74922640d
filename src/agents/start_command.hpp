#pragma once
// The command line that starts an agent with its task.
#include "agents/attempt_place.hpp"
#include "orch/base/result.hpp"
#include "orch/config/config.hpp"
#include "orch/core/task.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace orch {

/// The folder below the attempt's own in which the files of its agent's profile lie.
inline constexpr std::string_view kAgentFiles = "files";

/// How to start an agent.
struct StartCommand {
  std::vector<std::string> argv;
  std::vector<std::string> wrapper;  ///< to be put in front of argv
  /// To be written to the prompt file first (0600: the task is nobody else's business), also where
  /// it is an argument: what an agent was told can be read afterwards.
  std::string prompt;
  bool stdin_from_file = false;              ///< the prompt file is its standard input
  std::map<std::string, std::string> files;  ///< by name: to be written into kAgentFiles first
  std::map<std::string, std::string> env;    ///< variables added to its environment

  bool operator==(const StartCommand&) const = default;
};

/// The command of `profile` with `text` delivered as the profile wants it; `{prompt_file}`,
/// `{attempt_folder}` (the folder of that file), `{worktree}`, `{allow}` and `{rights}` are
/// replaced, and the word `{session}` by what the profile has for a conversation of ours. What
/// begins with `{mcp}` is left out where the agent does not get our tools. A prompt too long for an
/// argument is read from the file, and the argument says so.
StartCommand expand_command(const AgentProfile& profile, std::string_view text,
                            const AttemptPlace& place);

/// Has its command a place for the id of its conversation?
bool takes_session(const AgentProfile& profile);

/// Is it started so that it goes on with this conversation?
bool goes_on_with(const AgentProfile& profile, const std::string& session);

/// All of it for one attempt. Fault::Refused for a task that has nothing this agent could run, and
/// for an agent that is switched off.
Result<StartCommand> start_command(const AgentProfile& profile, const TaskSpec& task,
                                   const AttemptPlace& place);

}  // namespace orch
