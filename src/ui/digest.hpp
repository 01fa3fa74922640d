#pragma once
// What the agent that coordinates is told of by itself.
#include "orch/core/state.hpp"

#include <string>

namespace orch::ui {

/// How far the run is, and which tasks need a decision: some lines, each bounded.
std::string digest_text(const State& state);

}  // namespace orch::ui
