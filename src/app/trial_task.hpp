#pragma once
// What an agent is tried with.
#include "orch/core/ids.hpp"
#include "orch/core/task.hpp"

#include <string>
#include <string_view>

namespace orch::app {

/// The file that it is to make.
inline constexpr std::string_view kTrialFile = "tmux-orch-trial.txt";

const TaskId& trial_task();
TaskSpec trial_spec(const std::string& kind);

}  // namespace orch::app
