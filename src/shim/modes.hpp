#pragma once
// The two things the shim does; each returns its exit status.
#include <filesystem>

namespace orch::shim {

/// Runs the agent of an attempt in this terminal.
int run_agent(const std::filesystem::path& folder);
/// Runs the commands of a gate.
int run_gate(const std::filesystem::path& folder);

}  // namespace orch::shim
