#pragma once
// What an agent is started with: its attempt's folder with prompt, environment and command.
#include "agents/earlier_work.hpp"
#include "app/run_context.hpp"
#include "config/layers.hpp"
#include "git/values.hpp"
#include "orch/base/result.hpp"
#include "orch/core/effect.hpp"
#include "orch/core/state.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace orch::app {

/// The variable that tells an agent its attempt's token.
inline constexpr std::string_view kTokenVariable = "TMUX_ORCH_TOKEN";
/// Names the file that says why work of the task did not land.
inline constexpr std::string_view kFeedbackVariable = "TMUX_ORCH_FEEDBACK";
/// And its inbox, for one that only reads files.
inline constexpr std::string_view kInboxVariable = "TMUX_ORCH_INBOX";
/// And where this very program is: no TMUX_ORCH_..., as that would be a setting.
inline constexpr std::string_view kProgramVariable = "ORCH_PROGRAM";

/// Who an agent is: to us, and to git.
struct AgentIdentity {
  std::string token;        ///< told to the agent, whose verbs show it with their reports
  git::Identity git;        ///< what it commits as
  std::string session;      ///< the id for a conversation that its program may take from us
  std::string marker_code;  ///< of its marker lines, where it reports by them
};

/// What an attempt is told of those before it.
struct ToldOfBefore {
  EarlierWork work;
  std::string feedback;  ///< about work that did not land; empty: there is none
};

/// Writes prompt and spec, complete before any window opens. Safe to repeat while no shim has
/// claimed the folder. Fault::BadInput: the task has nothing that this kind of agent can run.
Status write_agent_files(const RunContext& context, const State& state, const StartAgent& effect,
                         const fs::path& folder, const AgentIdentity& identity, ToldOfBefore before,
                         const std::vector<std::string>& ports);
/// The environment of the `up` that started the run.
Environment environment_of(const RunContext& context);
/// Does the user trust the repository of that run?
bool is_trusted(const RunContext& context);

/// The prompt of the agent of this folder; empty: it is gone, or its agent has put something else
/// there.
std::string prompt_of(const fs::path& attempt);

/// The token that the agent of this folder was told; empty: none.
std::string token_of(const fs::path& folder);

/// The code of its marker lines; empty: it reports in another way.
std::string marker_code_of(const fs::path& folder);

/// The id of the conversation that the agent of this folder was started with; empty: none.
std::string session_of(const fs::path& folder);

/// NAME=VALUE: the environment of the `up` that started the run, less what belongs to its terminal,
/// its tmux or the git that called it, plus the profile's and what our verbs need. Also that of
/// set-up commands and tests, which have no `folder`.
std::vector<std::string> agent_environment(const RunContext& context, const AgentProfile& profile,
                                           const fs::path& folder);
/// Sets them in such a list.
void add_variables(const std::map<std::string, std::string>& variables,
                   std::vector<std::string>& list);

}  // namespace orch::app
