#pragma once
// Which tests and gates work has to pass before it lands.
#include "orch/config/config.hpp"
#include "orch/core/effect.hpp"
#include "orch/core/state.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace orch::app {

/// What gates find in their environment: the id of the task, and the commit that its work goes
/// onto.
inline constexpr std::string_view kTaskVariable = "TMUX_ORCH_TASK";
inline constexpr std::string_view kOntoVariable = "TMUX_ORCH_ONTO";

/// The user's own commits have no task.
struct Work {
  const TaskRecord* task;
  std::string agent;  ///< the kind that did it
  const std::vector<std::string>& changed;
};

Work work_of(const State& state, const TaskId& id, const std::vector<std::string>& changed);
bool applies(const WorkFilter& when, const Work& work);

struct Checks {
  std::vector<TestCommand> commands;  ///< in the order in which they run: tests, then gates
  std::vector<std::string> env{};     ///< of the gates, besides what tests have: NAME=VALUE
};

/// Of a whole branch, whatever has changed in it.
Checks all_tests(const Config& config);

/// Of one landing, which changes these files.
Checks checks_for(const Config& config, const State& state, const TestLanding& landing,
                  const std::vector<std::string>& changed);

/// Does it depend on the changed files which of them there are?
bool checks_by_file(const Config& config);

/// Those that are not about one task.
Checks without_gates(Checks checks);

}  // namespace orch::app
