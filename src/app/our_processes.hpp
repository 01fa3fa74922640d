#pragma once
// Shims and supervisors as the kernel knows them, by their program and arguments. What files say of
// processes may be forged, cut or removed; this is what can be relied on then.
#include "orch/base/process.hpp"
#include "orch/base/process_tree.hpp"
#include "orch/core/state.hpp"

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <vector>

namespace orch::app {

struct LivingShim {
  ProcessId process;
  std::filesystem::path attempt;  ///< its attempt's folder
};

/// The process as a shim of an agent; nothing when it is something else, or another user's.
std::optional<LivingShim> as_shim(pid_t pid);
/// All shims of this user with an attempt below `folder`, the oldest first.
std::vector<LivingShim> shims_below(const std::filesystem::path& folder);
/// The shim of exactly this attempt, or none ({}).
ProcessId shim_of(const std::filesystem::path& attempt);
/// The shims with an attempt below `folder` among `pid` and its ancestors, the nearest first:
/// a process that has one is an agent, or somebody in its pane.
std::vector<LivingShim> shims_above(pid_t pid, const std::filesystem::path& folder);

/// This user's processes that have the attempt's folder in their environment, as all have that its
/// agent started, unless they took it out. Who is below a shim that lives is found by that.
std::vector<ProcessId> processes_of(const std::filesystem::path& attempt);

/// The supervisor of the repository, or none ({}).
ProcessId supervisor_of(const std::filesystem::path& repository);

/// The process that was stored when the agent started; none ({}) when nothing was.
ProcessId recorded_shim(const AgentRun& agent);
/// The same, unless it is known to be the shim of another folder: what is stored in a copied
/// repository are the processes of the original.
ProcessId recorded_shim(const AgentRun& agent, const std::filesystem::path& folder);

/// Does a tool of the agent below this shim run? Agents run theirs by a shell.
bool runs_a_tool(const ProcessTree& processes, pid_t shim);

}  // namespace orch::app
