#pragma once
// What tests and gates took in a run, and how often they failed.
#include "orch/base/time.hpp"
#include "orch/core/gate_run.hpp"
#include "orch/core/state.hpp"

#include <string>
#include <vector>

namespace orch::ui {

/// One test or gate, for one task.
struct GateTime {
  TaskId task;       ///< empty: what is on the base, or an undo
  std::string gate;  ///< its name; empty: a test
  std::string command;
  int runs = 0;
  Span took{0};         ///< all of them
  int failures = 0;     ///< of them
  std::string failure;  ///< the last one: "exit 2", "signal 9", "time-out", "not started"
  int status = 0;       ///< of the last failure
  std::string log;      ///< likewise
};

/// Those of no task first, then by the places of tasks; of each as they first ran.
std::vector<GateTime> gate_times(const State& state, const std::vector<GateRun>& runs);

/// All together.
Span time_of(const std::vector<GateRun>& runs);

}  // namespace orch::ui
