// Work that does not land goes back to its agent.
#include "run.hpp"

using namespace orch;
using namespace orch::test;

namespace {

const Tested kRed{false, "make check exited with 2", "/log"};

Rules rules_of(const std::string& agent) {
  Rules rules = plain_rules();
  rules.tested = true;
  rules.test_base = false;
  rules.rounds = 2;
  rules.agent = agent;
  return rules;
}

/// Two finished tasks, the first of them being landed.
Run landing(const std::string& agent) {
  Run run({task("A"), task("B")}, rules_of(agent));
  for (const std::string id : {"A", "B"}) {
    run.start(id);
    run.finish(id);
  }
  return run;
}

void fails_tests(Run& run, const std::string& id) {
  run.end<PrepareLanding>(id);
  run.end<TestLanding>(id, kRed);
}

}  // namespace

TEST_CASE("a task whose tests fail is done again by another attempt, which is told why") {
  Run run = landing("sh");
  fails_tests(run, "A");
  CHECK(
      run.told("task.returned") ==
      std::vector<std::string>{"A: returned to its agent: its tests fail on the merged tree: make "
                               "check exited with 2 (log: /log)"});
  run.end<RescueWork>("A");
  run.end<CreateWorktree>("A");
  const StartAgent& again = run.effect<StartAgent>("A");
  CHECK(again.attempt == 2);
  CHECK(again.last_failure.kind == ReasonKind::TestsFail);
  CHECK(run.task("A").failures == 0);
  CHECK(run.task("A").crashes == 0);
  CHECK(run.task("A").returned.work == CommitId{"work of A"});
}

TEST_CASE("work comes back so often, and then its task fails as before") {
  Run run = landing("sh");
  for (int round = 1; round <= 2; ++round) {
    fails_tests(run, "A");
    if (round == 1) run.land("B");
    run.end<RescueWork>("A");
    run.start("A");
    run.finish("A");
  }
  CHECK(run.task("A").returned.rounds == 2);
  fails_tests(run, "A");
  run.end<RescueWork>("A");
  CHECK(run.state_of("A") == TaskState::Failed);
  CHECK(run.why("A").starts_with("was returned 2 times; its tests fail on the merged tree"));
}

TEST_CASE("what was mended takes the next turn") {
  Rules rules = rules_of("sh");
  rules.workers = 3;
  Run run({task("A"), ranked("B", Priority::P1), ranked("C", Priority::P1)}, rules);
  for (const std::string id : {"A", "B"})
    run.start(id);
  run.finish("A");
  fails_tests(run, "A");
  run.end<RescueWork>("A");
  run.start("A");
  run.start("C");
  run.finish("B");
  run.finish("C");
  run.finish("A");
  run.land("B");
  CHECK(run.state_of("A") == TaskState::Landing);
  CHECK(run.state_of("C") == TaskState::Queued);
}

TEST_CASE("a conflict with what landed since is no round of its agent's") {
  Run run = landing("sh");
  run.end<PrepareLanding>("A", LandingConflicts{{"a.c"}});
  CHECK(run.task("A").returned.rounds == 1);
  run.land("B");
  run.end<RescueWork>("A");
  run.start("A");
  run.finish("A");
  run.end<PrepareLanding>("A", LandingConflicts{{"a.c"}});
  CHECK(run.task("A").returned.rounds == 1);
  run.end<RescueWork>("A");
  run.start("A");
  run.finish("A");
  // Nothing has landed meanwhile: this one it could have seen.
  run.end<PrepareLanding>("A", LandingConflicts{{"a.c"}});
  CHECK(run.task("A").returned.rounds == 2);
}

TEST_CASE("a conflict that is not mended is for the user") {
  Rules rules = rules_of("sh");
  rules.rounds = 1;
  Run run({task("A")}, rules);
  run.start("A");
  run.finish("A");
  run.end<PrepareLanding>("A", LandingConflicts{{"a.c"}});
  CHECK(run.told("task.returned") ==
        std::vector<std::string>{"A: returned to its agent: conflicts with main in a.c"});
  run.end<RescueWork>("A");
  run.start("A");
  run.finish("A");
  run.end<PrepareLanding>("A", LandingConflicts{{"a.c"}});
  run.end<RescueWork>("A");
  CHECK(run.state_of("A") == TaskState::Blocked);
  CHECK(run.why("A") ==
        "was returned 1 time; conflicts with main in a.c: merge main in its worktree, commit and "
        "`tmux-orch merge A`; or `tmux-orch retry A` from the new tip; or `tmux-orch abort A`");
}

TEST_CASE("an agent that waits in its window is told there, and goes on in the same attempt") {
  Run run = landing("talker");
  fails_tests(run, "A");
  CHECK(run.state_of("B") == TaskState::Landing);
  const ReturnWork& back = run.effect<ReturnWork>("A");
  CHECK(back.work == CommitId{"work of A"});
  CHECK(back.base == CommitId{"base"});
  CHECK_FALSE(back.untouched);
  run.end<ReturnWork>("A", WorkReturned{"mend it"});
  CHECK(run.state_of("A") == TaskState::Running);
  CHECK(run.task("A").attempts == 1);
  run.handle(AgentSeen{.task = TaskId{"A"}, .attempt = 1, .activity = Activity::Idle});
  CHECK(run.effect<TypeText>("A").text == "mend it");
  CHECK(run.effect<TypeText>("A").kind == MessageKind::Return);

  SECTION("and lands when it has mended it") {
    run.end<TypeText>("A", TextTyped{true});
    run.finish("A");
    run.land("B");
    run.land("A");
    CHECK(run.state_of("A") == TaskState::Merged);
    CHECK(run.task("A").returned.why.empty());
  }
  SECTION("and another attempt is told where it cannot be") {
    run.end<TypeText>("A", TextUncertain{"its window ended"});
    run.end<StopAgent>("A");
    run.end<RescueWork>("A");
    run.end<CreateWorktree>("A");
    CHECK(run.effect<StartAgent>("A").last_failure.kind == ReasonKind::TestsFail);
  }
}

TEST_CASE("nothing is merged under a person who is at work in the window") {
  Run run = landing("talker");
  run.handle(ControlSeen{TaskId{"A"}, 1, Control::User});
  fails_tests(run, "A");
  CHECK(run.effect<ReturnWork>("A").untouched);
}

TEST_CASE("a task that is aborted on its way back ends") {
  Run run = landing("talker");
  fails_tests(run, "A");
  run.ask(Verb::Abort, "A");
  run.end<ReturnWork>("A", WorkReturned{"mend it"});
  run.end<StopAgent>("A");
  run.end<RescueWork>("A");
  CHECK(run.state_of("A") == TaskState::Aborted);
}

TEST_CASE("a run that stops has the next one return work") {
  Run run = landing("talker");
  run.end<PrepareLanding>("A");
  run.ask(Verb::Down, "");
  run.end<TestLanding>("A", kRed);
  CHECK(run.in_flight<ReturnWork>("A") == nullptr);
}

TEST_CASE("marks of a conflict that were committed are a round") {
  Run run = landing("sh");
  run.end<PrepareLanding>("A", LandingConflicts{{"a.c"}, true});
  CHECK(run.told("task.returned") ==
        std::vector<std::string>{"A: returned to its agent: has conflict marks in a.c"});
  CHECK(run.task("A").returned.rounds == 1);
}

TEST_CASE("a test that the base fails as well is not the task's fault") {
  Run run = landing("sh");
  run.end<PrepareLanding>("A");
  Tested red = kRed;
  red.base_fails = true;
  run.end<TestLanding>("A", red);
  run.end<RescueWork>("A");
  CHECK(run.state_of("A") == TaskState::Blocked);
  CHECK(run.why("A") ==
        "it could not be landed: main fails its own tests: make check exited with 2 (log: /log); "
        "`tmux-orch merge A` tries again");
  CHECK(run.task("A").returned.rounds == 0);
  CHECK(run.record().test_failures == 0);

  SECTION("and it lands when the user has mended the base") {
    run.land("B");
    run.handle(BaseMoved{CommitId{"mended"}});
    run.land("");
    CHECK(run.state_of("A") == TaskState::Landing);
  }
}

TEST_CASE("a red base that is about to be mended holds up a landing, and no more") {
  Run run = landing("sh");
  run.end<PrepareLanding>("A");
  run.handle(BaseMoved{CommitId{"mended"}});
  Tested red = kRed;
  red.base_fails = true;
  run.end<TestLanding>("A", red);
  CHECK(run.state_of("A") == TaskState::Queued);
  run.land("");
  CHECK(run.state_of("A") == TaskState::Landing);
}

TEST_CASE("a test that failed and then passed on the same tree is told") {
  Run run = landing("sh");
  run.end<PrepareLanding>("A");
  Tested green{.passed = true};
  green.flaky = "make check exited with 2";
  run.end<TestLanding>("A", green);
  CHECK(run.told("tests.flaky") ==
        std::vector<std::string>{
            "A: a test failed, and passed on the same tree: make check exited with 2"});
  CHECK(run.record().flaky_tests == 1);
  CHECK(run.in_flight<Land>("A") != nullptr);
}

TEST_CASE("what the user has merged as it is does not go back to its agent") {
  Run run({task("A")}, rules_of("talker"));
  run.start("A");
  run.says("A", ReportKind::Blocked, "is this right?");
  run.ask(Verb::Merge, "A");
  run.end<CollectWork>("A", WorkCollected{CommitId{"work of A"}, true, {}});
  fails_tests(run, "A");
  CHECK(run.told("task.returned").empty());
  run.end<StopAgent>("A");
  run.end<RescueWork>("A");
  CHECK(run.state_of("A") == TaskState::Failed);

  SECTION("until its agent is at work again") {
    run.ask(Verb::Retry, "A");
    run.end<RescueWork>("A");
    run.start("A");
    run.finish("A");
    fails_tests(run, "A");
    CHECK(run.told("task.returned").size() == 1);
  }
}

TEST_CASE("work that came back is not forgotten where it is done again in vain") {
  Run run = landing("sh");
  run.end<PrepareLanding>("A", LandingConflicts{{"a.c"}});
  run.end<RescueWork>("A", WorkRescued{"refs/orch/rescue/r/A.1"});
  run.start("A");
  run.exits("A", 0);
  run.end<CollectWork>("A", WorkCollected{CommitId{"base"}, false, {}});
  run.end<RescueWork>("A");
  CHECK(run.state_of("A") == TaskState::Blocked);
  const std::string why = run.why("A");
  CHECK(
      why.starts_with("changed nothing when it was done again (conflicts with main in a.c); its "
                      "work before is refs/orch/rescue/r/A.1: merge that in its worktree"));
}
