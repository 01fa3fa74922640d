#pragma once
// What the actions of the tool `worktree` do.
#include "orch/base/result.hpp"
#include "tools/made.hpp"
#include "tools/tool.hpp"

#include <string>
#include <vector>

namespace orch::tools {

// worktree_look.cpp: they change nothing.
Result<Json> list_worktrees(const Call& call);
Result<Json> show_status(const Call& call);
Result<Json> show_dashboard(const Call& call);
Result<Json> show_current(const Call& call);
Result<Json> list_sessions(const Call& call);
Result<Json> open_worktree(const Call& call);
Result<Json> peek_at_screen(const Call& call);
Result<Json> wait_for_tasks(const Call& call);

// worktree_make.cpp
Result<Json> spawn_tasks(const Call& call);
Result<Json> create_task(const Call& call);
Result<Json> swarm(const Call& call);
/// The same for one that is told something besides its prompt.
Result<Json> make_with_history(const Call& call, std::string history, const Wanted& wanted);

// worktree_fork.cpp
Result<Json> fork_task(const Call& call);

// worktree_act.cpp
Result<Json> start_task(const Call& call);
Result<Json> abort_task(const Call& call);
Result<Json> compact_task(const Call& call);
Result<Json> send_message(const Call& call);
Result<Json> notify_user(const Call& call);
Result<Json> clean_up(const Call& call);

}  // namespace orch::tools
