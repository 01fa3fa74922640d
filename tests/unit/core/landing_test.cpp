// Landing one at a time: what is tested, what is refused, and that nothing else moves the branch.
#include "run.hpp"

using namespace orch;
using namespace orch::test;

namespace {

Rules tested_rules() {
  Rules rules = plain_rules();
  rules.tested = true;
  rules.test_base = false;
  return rules;
}

/// Two finished tasks, the first of them being landed.
Run landing(Rules rules = tested_rules()) {
  Run run({task("A"), task("B"), task("C", {"A"})}, std::move(rules));
  run.start("A");
  run.start("B");
  run.finish("A");
  run.finish("B");
  return run;
}

}  // namespace

TEST_CASE("tasks land one at a time in the order they were done") {
  Run run = landing();
  CHECK(run.outbox() == std::vector<std::string>{"prepare_landing A"});
  CHECK(run.state_of("B") == TaskState::Queued);
  run.land("A");
  CHECK(run.record().integration == CommitId{"candidate of A"});
  CHECK(run.effect<PrepareLanding>("B").onto == CommitId{"candidate of A"});
}

TEST_CASE("a task of a higher priority lands first") {
  Rules rules = tested_rules();
  rules.workers = 3;
  Run run({task("A"), ranked("B", Priority::P3), ranked("C", Priority::P1)}, rules);
  run.start("A");
  run.start("B");
  run.start("C");
  run.finish("A");
  run.finish("B");
  run.finish("C");
  run.land("A");
  CHECK(run.state_of("C") == TaskState::Landing);
  CHECK(run.state_of("B") == TaskState::Queued);
}

TEST_CASE("what lands is exactly what was tested, and the decision is durable") {
  Run run = landing();
  run.end<PrepareLanding>("A", LandingPrepared{CommitId{"merged tree"}});
  CHECK(run.effect<TestLanding>("A").candidate == CommitId{"merged tree"});
  run.end<TestLanding>("A");
  CHECK(run.last.durable);
  CHECK(run.effect<Land>("A") == Land{TaskId{"A"}, 1, CommitId{"merged tree"}, CommitId{"base"}});
  run.end<Land>("A", Landed{CommitId{"merged tree"}});
  CHECK(run.last.durable);
  CHECK(run.told("task.merged") == std::vector<std::string>{"A: merged"});
  CHECK_FALSE(run.task("A").untested);
}

TEST_CASE("without test commands it is said that nothing was tested") {
  Run run = landing(plain_rules());
  run.land("A");
  CHECK(run.task("A").untested);
  CHECK(run.told("task.merged") == std::vector<std::string>{"A: merged, untested"});
}

TEST_CASE("without tests a task is merged while the one before it lands") {
  Run run = landing(plain_rules());
  CHECK(run.in_flight<PrepareLanding>("B") == nullptr);
  run.end<PrepareLanding>("A", LandingPrepared{CommitId{"A merged"}});
  CHECK(run.effect<PrepareLanding>("B").onto == CommitId{"A merged"});
  run.end<PrepareLanding>("B", LandingPrepared{CommitId{"B merged"}});
  CHECK(run.in_flight<Land>("B") == nullptr);
  run.end<Land>("A", Landed{CommitId{"A merged"}});
  CHECK(run.effect<Land>("B") == Land{TaskId{"B"}, 1, CommitId{"B merged"}, CommitId{"A merged"}});
}

TEST_CASE("what was merged onto a task that did not land is merged anew") {
  Run run = landing(plain_rules());
  run.end<PrepareLanding>("A");
  run.end<PrepareLanding>("B");
  run.end<Land>("A", BranchMoved{CommitId{"elsewhere"}});
  CHECK(run.effect<PrepareLanding>("A").onto == CommitId{"elsewhere"});
  CHECK(run.in_flight<Land>("B") == nullptr);
  CHECK(run.state_of("B") == TaskState::Queued);
}

TEST_CASE("a failing test fails the task and leaves the branch as it was") {
  Run run = landing();
  run.end<PrepareLanding>("A");
  run.end<TestLanding>("A", Tested{false, "make check exited with 2", "/log"});
  CHECK(run.in_flight<Land>("A") == nullptr);
  run.end<RescueWork>("A");
  CHECK(run.state_of("A") == TaskState::Failed);
  CHECK(run.why("A") == "its tests fail on the merged tree: make check exited with 2 (log: /log)");
  CHECK(run.record().integration == CommitId{"base"});
  CHECK(run.record().test_failures == 1);
  CHECK(run.state_of("C") == TaskState::Unreachable);
  CHECK(run.state_of("B") == TaskState::Landing);
}

TEST_CASE("what the user has tried again is tested anew until it is judged") {
  Run run = landing();
  run.end<PrepareLanding>("A");
  CHECK_FALSE(run.effect<TestLanding>("A").anew);
  run.end<TestLanding>("A", Tested{false, "make check exited with 2", "/log"});
  run.end<RescueWork>("A");
  REQUIRE(run.state_of("A") == TaskState::Failed);
  run.land("B");

  const bool merges = GENERATE(true, false);
  run.ask(merges ? Verb::Merge : Verb::Retry, "A");
  if (merges) {
    run.end<CollectWork>("A");
  } else {
    run.end<RescueWork>("A");
    run.start("A");
    run.finish("A");
  }
  run.end<PrepareLanding>("A");
  CHECK(run.effect<TestLanding>("A").anew);
  run.end<TestLanding>("A", Tested{false, "make check exited with 2", "/log"});
  CHECK_FALSE(run.task("A").test_anew);
}

TEST_CASE("red and then green is told once, whoever saw the red") {
  Run run = landing();
  run.end<PrepareLanding>("A");
  run.end<TestLanding>("A", Tested{.passed = true, .flaky = "make check exited with 2"});
  CHECK(run.record().flaky_tests == 1);
  CHECK(run.told("tests.flaky").size() == 1);
}

TEST_CASE("a conflict blocks the task and names what the user can do") {
  Run run = landing();
  run.end<PrepareLanding>("A", LandingConflicts{{"a.c", "b.c"}});
  run.end<RescueWork>("A");
  CHECK(run.state_of("A") == TaskState::Blocked);
  CHECK(run.why("A") ==
        "conflicts with main in a.c, b.c: merge main in its worktree, commit and "
        "`tmux-orch merge A`; or `tmux-orch retry A` from the new tip; or `tmux-orch abort A`");
  CHECK(run.record().integration == CommitId{"base"});
  CHECK(run.state_of("C") == TaskState::Waiting);

  SECTION("merge takes what the user committed") {
    run.land("B");
    run.ask(Verb::Merge, "A");
    CHECK(run.effect<CollectWork>("A").reported.empty());
    run.end<CollectWork>("A");
    run.land("A");
    CHECK(run.state_of("A") == TaskState::Merged);
  }
  SECTION("release has it tried again, as what was red before does not count") {
    run.ask(Verb::Release, "A");
    CHECK(run.task("A").test_anew);
  }
  SECTION("retry starts it again, and its agent is told") {
    run.ask(Verb::Retry, "A");
    run.end<RescueWork>("A");
    run.end<CreateWorktree>("A");
    CHECK(run.effect<StartAgent>("A").last_failure.kind == ReasonKind::Conflicts);
  }
}

TEST_CASE("a conflict in very many files names some") {
  Run run = landing();
  run.end<PrepareLanding>("A", LandingConflicts{{"1", "2", "3", "4", "5", "6", "7"}});
  run.end<RescueWork>("A");
  CHECK(run.why("A").starts_with("conflicts with main in 1, 2, 3, 4, 5 and 2 more: "));
}

TEST_CASE("nothing moves when a task is held before its tests end") {
  Run run = landing();
  SECTION("while it is merged") {
    run.ask(Verb::Hold, "A");
    run.end<PrepareLanding>("A");
  }
  SECTION("while it is tested") {
    run.end<PrepareLanding>("A");
    run.ask(Verb::Hold, "A");
    run.end<TestLanding>("A");
  }
  CHECK(run.state_of("A") == TaskState::Queued);
  CHECK(shown_state(run.task("A")) == "held");
  CHECK(run.record().integration == CommitId{"base"});
  CHECK(run.state_of("B") == TaskState::Landing);
  run.land("B");
  run.ask(Verb::Release, "A");
  CHECK(run.effect<PrepareLanding>("A").landing == 2);
}

TEST_CASE("nothing moves untested when a task is held while it is merged") {
  Run run = landing(plain_rules());
  run.ask(Verb::Hold, "A");
  run.end<PrepareLanding>("A");
  CHECK(run.in_flight<Land>("A") == nullptr);
  CHECK(run.state_of("A") == TaskState::Queued);
}

TEST_CASE("a task meets a branch that somebody else moved: its landing begins again") {
  Run run = landing();
  run.end<PrepareLanding>("A");
  run.end<TestLanding>("A");
  run.end<Land>("A", BranchMoved{CommitId{"elsewhere"}});
  CHECK(run.record().integration == CommitId{"elsewhere"});
  const PrepareLanding& again = run.effect<PrepareLanding>("A");
  CHECK(again.onto == CommitId{"elsewhere"});
  CHECK(again.landing == 2);
}

TEST_CASE("a lock in the way of a landing is waited for, and the user is asked in the end") {
  Run run = landing();
  const auto lock = NotDone{"index.lock exists", {}, true};
  run.end<PrepareLanding>("A", lock);
  CHECK(run.state_of("A") == TaskState::Queued);
  CHECK(run.why("A") == "waits to be tried again: index.lock exists");
  CHECK(run.state_of("B") == TaskState::Landing);
  run.land("B");
  // It was prepared for a tip that is not the tip any more.
  run.end<PrepareLanding>("A");
  CHECK(run.task("A").landing == 2);
  run.end_in_vain<TestLanding>("A", lock);
  run.end<RescueWork>("A");
  CHECK(run.state_of("A") == TaskState::Blocked);
  CHECK(run.task("A").failures == 0);
  CHECK(run.why("A") ==
        "it could not be landed: index.lock exists; `tmux-orch merge A` tries again");
}

TEST_CASE("a reason that says how to go on is not wrapped in another") {
  Run run = landing();
  const std::string whole =
      "it changes x: `rm x`, then `tmux-orch merge A`; or `tmux-orch abort A`";
  run.end<PrepareLanding>("A", NotDone{.why = whole, .whole = true});
  run.end<RescueWork>("A");
  CHECK(run.state_of("A") == TaskState::Blocked);
  CHECK(run.why("A") == whole);
}

TEST_CASE("after its landing an idle agent ends, and what was made for it is taken away") {
  Run run({task_by("A", "talker")});
  run.merge("A");
  CHECK(run.outbox() == std::vector<std::string>{"stop_agent A"});
  run.end<StopAgent>("A");
  const CleanUp& clean = run.effect<CleanUp>("A");
  CHECK(clean.worktree == "worktree");
  CHECK(clean.landed == CommitId{"work of A"});
  run.end<CleanUp>("A", WorkRescued{"refs/orch/rescue/late"});
  CHECK(run.task("A").cleaned);
  CHECK(run.task("A").rescues == std::vector<std::string>{"refs/orch/rescue/late"});
}

TEST_CASE("what cannot be taken away is kept and said") {
  Run run({task("A")});
  run.merge("A");
  run.end<CleanUp>("A", NotDone{"busy", {}, true});
  CHECK(run.outbox() == std::vector<std::string>{"clean_up A"});
  run.pass(2s);
  run.end<CleanUp>("A", NotDone{"a submodule is in the way", {}, false});
  CHECK(run.told("task.kept") == std::vector<std::string>{"A: a submodule is in the way"});
  CHECK(run.task("A").cleaned);
}
