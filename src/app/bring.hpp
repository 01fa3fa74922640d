#pragma once
// What a fresh checkout lacks and `[worktree_setup]` names: copied or linked into a worktree.
#include "app/run_context.hpp"
#include "loop/job.hpp"

#include <string>
#include <vector>

namespace orch::loop {
class Children;
}

namespace orch::app {

/// Brings what is not there yet, `included` as well (paths of files that git ignores); of an entry
/// that the user would miss, why it was not brought is among the answer's sentence parts. Copies
/// are made by cp(1): they may be large.
loop::Job<Result<std::vector<std::string>>> bring_files(loop::Children& children,
                                                        const RunContext& context,
                                                        fs::path worktree,
                                                        std::vector<std::string> included);

}  // namespace orch::app
