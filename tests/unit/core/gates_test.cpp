// What blocks work that merges and passes its tests.
#include "run.hpp"

using namespace orch;
using namespace orch::test;

namespace {

Tested blocked_by(const std::string& gate) {
  Tested result{false, "`scan` exited with 1", "/log"};
  result.gate = gate;
  return result;
}

/// A finished task that is being landed.
Run landing(int rounds) {
  Rules rules = plain_rules();
  rules.tested = true;
  rules.test_base = false;
  rules.rounds = rounds;
  Run run({task("A")}, rules);
  run.start("A");
  run.finish("A");
  return run;
}

}  // namespace

TEST_CASE("what a gate blocks goes back to its agent, and is counted apart from tests") {
  Run run = landing(1);
  run.end<PrepareLanding>("A");
  run.end<TestLanding>("A", blocked_by("security"));
  CHECK(run.told("task.returned") ==
        std::vector<std::string>{"A: returned to its agent: the gate security blocks it: `scan` "
                                 "exited with 1 (log: /log)"});
  CHECK(run.record().gate_blocks == 1);
  CHECK(run.record().test_failures == 0);
  run.end<RescueWork>("A");
  run.start("A");
  run.finish("A");
  run.end<PrepareLanding>("A");
  run.end<TestLanding>("A", blocked_by("security"));
  run.end<RescueWork>("A");
  CHECK(run.state_of("A") == TaskState::Failed);
  CHECK(run.record().gate_blocks == 2);
}

TEST_CASE("protected files land after the user has had them merged, and only these") {
  Run run = landing(2);
  CHECK(run.effect<PrepareLanding>("A").seen.empty());
  run.end<PrepareLanding>("A", LandingProtected{{"ci.yml"}});
  run.end<RescueWork>("A");
  CHECK(run.state_of("A") == TaskState::Blocked);
  CHECK(run.why("A") ==
        "it changes ci.yml, which waits for you: `tmux-orch diff A` shows it, `tmux-orch merge A` "
        "lands it; or `tmux-orch abort A`");
  CHECK(run.record().gate_blocks == 1);
  run.ask(Verb::Merge, "A");
  run.end<CollectWork>("A");
  CHECK(run.effect<PrepareLanding>("A").seen == std::vector<std::string>{"ci.yml"});
  // The user's own tools have added one meanwhile.
  run.end<PrepareLanding>("A", LandingProtected{{"opencode.json", "ci.yml"}});
  run.end<RescueWork>("A");
  CHECK(run.state_of("A") == TaskState::Blocked);
  run.ask(Verb::Merge, "A");
  run.end<CollectWork>("A");
  run.land("A");
  CHECK(run.state_of("A") == TaskState::Merged);
}

TEST_CASE("what work does to tests is told once, and kept for the report") {
  Run run = landing(2);
  const LandingPrepared candidate{CommitId{"c"}, {"deletes a_test.c", "skips tests in b_test.py"}};
  run.end<PrepareLanding>("A", candidate);
  run.end<TestLanding>("A");
  run.end<Land>("A", BranchMoved{CommitId{"moved"}});
  run.end<PrepareLanding>("A", candidate);
  CHECK(run.told("tests.weakened") ==
        std::vector<std::string>{"A: its work deletes a_test.c, skips tests in b_test.py"});
  CHECK(run.task("A").weakened == candidate.weakened);
}

TEST_CASE("a new attempt has to show what is protected once more") {
  Run run = landing(2);
  run.end<PrepareLanding>("A", LandingProtected{{"ci.yml"}});
  run.end<RescueWork>("A");
  run.ask(Verb::Merge, "A");
  run.end<CollectWork>("A");
  CHECK_FALSE(run.task("A").seen.empty());
  run.end<PrepareLanding>("A", LandingProtected{{"other.yml"}});
  run.end<RescueWork>("A");
  run.ask(Verb::Retry, "A");
  run.end<RescueWork>("A");
  run.start("A");
  CHECK(run.task("A").seen.empty());
}
