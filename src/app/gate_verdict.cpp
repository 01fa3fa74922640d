// From the runner's record to a verdict, and to a row for each command.
#include "app/gate_verdict.hpp"

#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orch::app {
namespace {

constexpr int kOfSignal = 128;
constexpr int kOfTimeOut = 124;
constexpr int kOfNoStart = 127;

std::string failure_text(const TestCommand& check, const shim::ProcessEnd& last) {
  const std::string command = join(check.command, " ");
  switch (last.ending) {
    case shim::EndKind::Code: return fmt::format("`{}` exited with {}", command, last.code);
    case shim::EndKind::TimedOut: return fmt::format("`{}` ran into its time-out", command);
    case shim::EndKind::NotStarted:
      return fmt::format("`{}` cannot be started: {}", command, one_line(last.reason, 200));
    case shim::EndKind::Signal:
    case shim::EndKind::Stopped:
    case shim::EndKind::Hangup:
      return fmt::format("`{}` was ended by signal {}", command, last.signal);
  }
  return "failed";
}

void set_end(GateRun& run, const shim::ProcessEnd& end) {
  switch (end.ending) {
    case shim::EndKind::Code:
      run.end = GateEnd::Exit;
      run.status = end.code;
      return;
    case shim::EndKind::TimedOut:
      run.end = GateEnd::TimedOut;
      run.status = kOfTimeOut;
      return;
    case shim::EndKind::NotStarted:
      run.end = GateEnd::NotStarted;
      run.status = kOfNoStart;
      return;
    case shim::EndKind::Signal:
    case shim::EndKind::Stopped:
    case shim::EndKind::Hangup:
      run.end = GateEnd::Signal;
      run.status = kOfSignal + end.signal;
      return;
  }
}

}  // namespace

const TestCommand* failed_check(const Checks& checks, const shim::GateResult& result) {
  const std::size_t count = result.outcomes.size();
  if (result.passed || count == 0 || count > checks.commands.size()) return nullptr;
  return &checks.commands[count - 1];
}

Tested verdict_of(const Checks& checks, const shim::GateResult& result) {
  Tested tested{.passed = result.passed, .why = {}, .log = {}};
  if (const TestCommand* failed = failed_check(checks, result)) {
    tested.why = failure_text(*failed, result.outcomes.back());
    tested.gate = failed->name;
  }
  return tested;
}

std::vector<GateRun> runs_of(const Checks& checks, const shim::GateResult& result,
                             const TaskId& task, const std::string& log) {
  constexpr std::size_t kCommand = 200;
  std::vector<GateRun> runs;
  const std::size_t count = std::min(result.outcomes.size(), checks.commands.size());
  for (std::size_t i = 0; i < count; ++i) {
    GateRun run{.task = task,
                .gate = checks.commands[i].name,
                .command = one_line(join(checks.commands[i].command, " "), kCommand),
                .took = result.outcomes[i].ran,
                .log = log};
    set_end(run, result.outcomes[i]);
    runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace orch::app
