#pragma once
// Programs that are not children in the sense of Children: one that outlives us, one that takes the
// terminal over until it ends.
#include "loop/child.hpp"
#include "orch/base/process.hpp"
#include "orch/base/result.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace orch::loop {

/// Starts argv[0] (a path) in a session of its own, with no terminal, output appended to `log`, cwd
/// "/". It is nobody's child: its end is not waited for. Who it is; none ({}) if it has ended
/// already.
Result<ProcessId> start_detached(const std::vector<std::string>& argv,
                                 const std::filesystem::path& log);

/// Runs a command on our terminal, as long as it takes, and waits for it; its exit status. Ctrl-C
/// is its affair meanwhile. Of the command its words, its folder and its environment count.
Result<int> run_on_terminal(const Command& command);

}  // namespace orch::loop
