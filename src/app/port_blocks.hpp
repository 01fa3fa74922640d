#pragma once
// A block of TCP ports for each worktree, so that the servers and tests of agents do not meet: one
// list of them for all runs of a user on this machine.
#include "orch/base/result.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace orch::loop {
class Loop;
template <class T>
class Job;
}  // namespace orch::loop

namespace orch::app {

struct RunContext;

/// The variable that tells the first port of a block.
inline constexpr std::string_view kPortVariable = "TMUX_ORCH_PORT";

struct PortRange {
  int base = 0;  ///< the first port of all
  int size = 0;  ///< of a block
};

/// The first port of the block of `owner`, a worktree that is there: the one it has, or else the
/// first that no other worktree has and in which nobody listens. A worktree that is gone has none
/// any more. Fault::Full: there is none left; Fault::Busy: others use the list all the time.
Result<int> lease_ports(const std::filesystem::path& list, const PortRange& range,
                        const std::filesystem::path& owner);

/// The variable for programs that run in that worktree, or nothing: the user wants none, or there
/// is none to be had, which is logged.
loop::Job<std::vector<std::string>> port_variable(loop::Loop& loop, const RunContext& context,
                                                  std::filesystem::path worktree);

}  // namespace orch::app
