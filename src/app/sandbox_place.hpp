#pragma once
// What of this machine the sandbox of an agent is made of: which folders there are, and where.
#include "agents/sandbox.hpp"
#include "app/run_context.hpp"
#include "orch/base/result.hpp"
#include "orch/config/config.hpp"

namespace orch::app {

/// The place of an attempt at `worktree` on `branch`, whose folder is `attempt`. Fault::Refused:
/// the worktree's git folder is not one of this repository's, so nothing there may be opened to it.
Result<SandboxPlace> sandbox_place(const RunContext& context, const AgentProfile& profile,
                                   const fs::path& worktree, const std::string& branch,
                                   const fs::path& attempt);

/// That of a reviewing agent in its `checkout`: it may read what it looks at, and not change it.
Result<SandboxPlace> review_place(const RunContext& context, const AgentProfile& profile,
                                  const fs::path& checkout);

}  // namespace orch::app
