// What came of tests and gates, by what their runner has written down.
#include "app/gate_verdict.hpp"

#include "catch.hpp"

#include <chrono>

using namespace orch;
using namespace orch::app;
using namespace std::chrono_literals;

namespace {

Checks checks() {
  return {.commands = {TestCommand{.command = {"make", "check"}},
                       TestCommand{.command = {"scan"}, .name = "security"}}};
}

shim::GateResult ended(shim::ProcessEnd last) {
  const bool passed = last.ok();
  return {.passed = passed, .outcomes = {{.ran = 3s}, std::move(last)}};
}

}  // namespace

TEST_CASE("each command that ran has a row with how it ended and what it took") {
  const shim::GateResult result = ended({.code = 4, .ran = 2s});
  const std::vector<GateRun> runs = runs_of(checks(), result, TaskId{"T1"}, "run/log");
  const GateRun test{.task = TaskId{"T1"}, .command = "make check", .took = 3s, .log = "run/log"};
  const GateRun gate{.task = TaskId{"T1"},
                     .gate = "security",
                     .command = "scan",
                     .status = 4,
                     .took = 2s,
                     .log = "run/log"};
  CHECK(runs == std::vector{test, gate});
  CHECK(verdict_of(checks(), result).why == "`scan` exited with 4");
  CHECK(verdict_of(checks(), result).gate == "security");
}

TEST_CASE("what did not exit by itself has the status that shells give it") {
  const auto last = [](shim::ProcessEnd end) {
    return runs_of(checks(), ended(std::move(end)), {}, {}).back();
  };
  CHECK(last({.ending = shim::EndKind::Signal, .signal = 9}).status == 137);
  CHECK(last({.ending = shim::EndKind::TimedOut, .signal = 15}).status == 124);
  const GateRun absent = last({.ending = shim::EndKind::NotStarted, .reason = "no such file"});
  CHECK(absent.status == 127);
  CHECK_FALSE(absent.passed());
}

TEST_CASE("a result of other commands blames none of these") {
  shim::GateResult result = ended({.code = 1});
  result.outcomes.resize(5);
  CHECK(failed_check(checks(), result) == nullptr);
  CHECK(runs_of(checks(), result, {}, {}).size() == 2);
  CHECK_FALSE(verdict_of(checks(), result).passed);
}
