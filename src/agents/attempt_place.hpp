#pragma once
// What an attempt at a task is for the agent that makes it.
#include "agents/earlier_work.hpp"
#include "orch/config/config.hpp"
#include "orch/core/reason.hpp"

#include <string>
#include <vector>

namespace orch {

/// Where one attempt at a task works.
struct AttemptPlace {
  std::string branch;
  std::string base;
  std::string worktree;      ///< absolute
  std::string prompt_file;   ///< absolute, in the attempt's own folder; the prompt is kept there
  int attempt = 1;           ///< from 1
  std::string last_failure;  ///< why the attempt before failed; empty on the first
  std::string session;       ///< the id of its conversation; empty: that is not ours to choose
  bool resumes = false;      ///< it is that of the attempt before
  std::string told;          ///< what that one was told; empty: it is not known
  ReasonKind cause = ReasonKind::None;    ///< of why the attempt before failed
  EarlierWork earlier;                    ///< what those before have left
  std::vector<std::string> merged_items;  ///< of the task, by earlier attempts
  std::vector<std::string> merged_needs;  ///< tasks that it needs, and that its branch has
  std::string answered_by;                ///< whose agent did; empty: the user
  std::string feedback;                   ///< about work that did not land; empty: there is none
  std::string introduction;               ///< what the task file says above its tasks
  std::vector<TestCommand> tests;         ///< that must pass before its work lands
  bool unattended = false;                ///< the user said that agents ask nothing
  bool trusted = false;                   ///< the user trusts this repository
  bool sandboxed = false;                 ///< it runs in our sandbox
  bool sends = false;                     ///< it may write to other agents, and they to it
  std::vector<std::string> sparse{};      ///< folders that its worktree has; empty: all
  std::string agent_id;                   ///< the key of the attempt, as it names itself
  std::string marker_code;                ///< of its marker lines; empty: it has none
  std::string delegated_by{};             ///< whose agent has delegated the task; empty: nobody
  bool coordinated = false;               ///< an agent coordinates the run
  std::vector<std::string> delegated{};   ///< what an earlier attempt has delegated
};

}  // namespace orch
