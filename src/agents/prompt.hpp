#pragma once
// What an agent is told at its start, and the command line that tells it.
#include "orch/base/result.hpp"
#include "orch/config/config.hpp"
#include "orch/core/task.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orch {

/// Where one attempt at a task works.
struct AttemptPlace {
  std::string branch;
  std::string base;
  std::string worktree;      ///< absolute
  std::string prompt_file;   ///< absolute, in the attempt's own folder; written when it is needed
  int attempt = 1;           ///< from 1
  std::string last_failure;  ///< why the attempt before failed; empty on the first
  std::vector<std::string> merged_items;  ///< of the task, by earlier attempts
};

/// The first prompt of an agent that reads: task, rules, and what went wrong the last time.
std::string prompt_text(const AgentProfile& profile, const TaskSpec& task,
                        const AttemptPlace& place);

/// How to start an agent.
struct StartCommand {
  std::vector<std::string> argv;
  std::vector<std::string> wrapper;  ///< to be put in front of argv
  /// To be written to the prompt file first (0600: the task is nobody else's business).
  std::optional<std::string> prompt_file_text;
  bool stdin_from_file = false;  ///< the prompt file is its standard input

  bool operator==(const StartCommand&) const = default;
};

/// The command of `profile` with `text` delivered as the profile wants it; `{prompt_file}`,
/// `{attempt_folder}` (the folder of that file) and `{worktree}` are replaced. A prompt too long
/// for an argument goes to the file, and the argument says so.
StartCommand expand_command(const AgentProfile& profile, std::string_view text,
                            const AttemptPlace& place);

/// All of it for one attempt. Fault::Refused for a task that has nothing this agent could run, and
/// for an agent that is switched off.
Result<StartCommand> start_command(const AgentProfile& profile, const TaskSpec& task,
                                   const AttemptPlace& place);

}  // namespace orch
