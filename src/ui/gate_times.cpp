// Sums the runs of tests and gates.
#include "ui/gate_times.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace orch::ui {
namespace {

std::string failure_of(const GateRun& run) {
  constexpr int kOfSignal = 128;
  switch (run.end) {
    case GateEnd::Exit: return fmt::format("exit {}", run.status);
    case GateEnd::Signal: return fmt::format("signal {}", run.status - kOfSignal);
    case GateEnd::TimedOut: return "time-out";
    case GateEnd::NotStarted: return "not started";
  }
  return {};
}

bool is_of(const GateTime& time, const GateRun& run) {
  return time.task == run.task && time.gate == run.gate && time.command == run.command;
}

void add(GateTime& time, const GateRun& run) {
  ++time.runs;
  time.took += run.took;
  if (run.passed()) return;
  ++time.failures;
  time.failure = failure_of(run);
  time.status = run.status;
  time.log = run.log;
}

}  // namespace

std::vector<GateTime> gate_times(const State& state, const std::vector<GateRun>& runs) {
  std::map<TaskId, std::vector<GateTime>> by_task;
  for (const GateRun& run : runs) {
    std::vector<GateTime>& times = by_task[run.task];
    auto own = std::ranges::find_if(times, [&run](const GateTime& t) { return is_of(t, run); });
    if (own == times.end())
      own = times.insert(own, {.task = run.task, .gate = run.gate, .command = run.command});
    add(*own, run);
  }
  std::vector<GateTime> all = std::move(by_task[TaskId{}]);
  for (const TaskRecord& task : state.tasks) {
    std::vector<GateTime>& times = by_task[task.id()];
    all.insert(all.end(), times.begin(), times.end());
  }
  return all;
}

Span time_of(const std::vector<GateRun>& runs) {
  Span all{0};
  for (const GateRun& run : runs)
    all += run.took;
  return all;
}

}  // namespace orch::ui
