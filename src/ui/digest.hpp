#pragma once
// What the agent that coordinates is told of by itself.
#include "orch/core/state.hpp"

#include <string>

namespace orch::ui {

/// How far the run is, and which tasks have come to need a decision since it was told last, each in
/// a bounded line with the commands that it may use.
std::string digest_text(const State& state);

}  // namespace orch::ui
