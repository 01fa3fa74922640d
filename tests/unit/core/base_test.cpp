// The user's branch: tested before the start, merged in when it moves, brought along.
#include "run.hpp"

using namespace orch;
using namespace orch::test;

namespace {

Rules tested_rules() {
  Rules rules = plain_rules();
  rules.tested = true;
  return rules;
}

Rules following_rules(Follow follow = Follow::Landing) {
  Rules rules = plain_rules();
  rules.follow = follow;
  return rules;
}

}  // namespace

TEST_CASE("nothing starts before the base has passed its own tests") {
  Run run({task("A")}, tested_rules());
  CHECK(run.outbox() == std::vector<std::string>{"test_base"});
  CHECK(run.why("A") == "the base is being tested");
  CHECK(run.effect<TestBase>().commit == CommitId{"base"});
  run.end<TestBase>();
  CHECK(run.state_of("A") == TaskState::Preparing);
}

TEST_CASE("a base that fails its own tests ends the run before it starts") {
  Run run({task("A")}, tested_rules());
  run.end<TestBase>({}, Tested{false, "make check exited with 2", "/log"});
  CHECK(run.record().phase == RunPhase::BaseRed);
  CHECK(run.run_why() == "main fails its own tests: make check exited with 2 (log: /log)");
  CHECK(run.state_of("A") == TaskState::Waiting);
  CHECK(run.state().pending.empty());
  CHECK(exit_status(run.state()) == 5);

  SECTION("and is tested again when the run goes on") {
    run.handle(RunResumed{tested_rules(), {task("A")}});
    run.end<TestBase>();
    CHECK(run.state_of("A") == TaskState::Preparing);
  }
}

TEST_CASE("a test of the base that gave no result is run again, not for ever") {
  Run run({task("A")}, tested_rules());
  run.end_in_vain<TestBase>({}, NotDone{"was killed", {}, true});
  CHECK(run.record().phase == RunPhase::BaseRed);
  CHECK(run.run_why() == "the tests of main could not be run: was killed");
}

TEST_CASE("a run that was stopped while its base was tested tests it again") {
  Run run({task("A")}, tested_rules());
  run.ask(Verb::Down);
  SECTION("after the test has ended") {
    run.end<TestBase>({}, Tested{false, "red", "/log"});
    CHECK(run.record().phase == RunPhase::Stopped);
  }
  SECTION("while it is still in flight") {}
  run.handle(RunResumed{tested_rules(), {task("A")}});
  CHECK(run.record().phase == RunPhase::TestingBase);
  CHECK(run.outbox() == std::vector<std::string>{"test_base"});
}

TEST_CASE("the base need not be tested, or cannot be") {
  Rules rules = tested_rules();
  SECTION("switched off") {
    rules.test_base = false;
  }
  SECTION("no test commands") {
    rules.tested = false;
  }
  Run run({task("A")}, rules);
  CHECK(run.state_of("A") == TaskState::Preparing);
}

TEST_CASE("new commits on the base are tested and land before the next task") {
  Rules rules = tested_rules();
  rules.test_base = false;
  Run run({task("A"), task("B")}, rules);
  run.start("A");
  run.finish("A");
  run.handle(BaseMoved{CommitId{"theirs"}});
  CHECK(run.in_flight<PrepareLanding>("") == nullptr);
  run.land("A");
  CHECK(run.effect<PrepareLanding>("") ==
        PrepareLanding{TaskId{}, 1, CommitId{"candidate of A"}, CommitId{"theirs"}});
  run.start("B");
  run.finish("B");
  CHECK(run.state_of("B") == TaskState::Queued);
  run.end<PrepareLanding>("", LandingPrepared{CommitId{"both"}});
  CHECK(run.last.durable);
  run.end<TestLanding>("");
  CHECK(run.effect<Land>("").candidate == CommitId{"both"});
  run.end<Land>("", Landed{CommitId{"both"}});
  CHECK(run.record().integration == CommitId{"both"});
  CHECK(run.record().base_tip.empty());
  CHECK(run.effect<PrepareLanding>("B").onto == CommitId{"both"});
}

TEST_CASE("an integration branch that somebody else has moved is noted, and changes nothing") {
  Run run({task("A")});
  run.start("A");
  const CommitId before = run.record().integration;
  run.handle(IntegrationMoved{before});
  CHECK(run.last.facts.empty());
  run.handle(IntegrationMoved{CommitId{"theirs"}});
  REQUIRE(run.last.facts.size() == 1);
  CHECK(run.last.facts[0].kind == FactKind::IntegrationMoved);
  CHECK(run.record().integration == before);
  // While a landing is under way, that may be what has moved it.
  run.finish("A");
  run.handle(IntegrationMoved{CommitId{"theirs"}});
  CHECK(run.last.facts.empty());
}

TEST_CASE("files of the checkout that somebody has edited are noted, and change nothing") {
  Run run({task("A")});
  run.start("A");
  run.handle(CheckoutChanged{"a.c"});
  REQUIRE(run.last.facts.size() == 1);
  CHECK(run.last.facts[0].kind == FactKind::CheckoutChanged);
  CHECK(run.state_of("A") == TaskState::Running);
}

TEST_CASE("commits of the base that are merged in already are no news") {
  Run run({task("A")});
  run.handle(BaseMoved{CommitId{"theirs"}});
  run.end<PrepareLanding>("");
  run.handle(BaseMoved{CommitId{"theirs"}});
  run.end<Land>("", Landed{CommitId{"candidate"}});
  run.handle(BaseMoved{CommitId{"theirs"}});
  CHECK(run.outbox() == std::vector<std::string>{"create_worktree A"});
}

TEST_CASE("commits that arrive while others are merged in are not forgotten") {
  Run run({task("A")});
  run.handle(BaseMoved{CommitId{"first"}});
  run.end<PrepareLanding>("");
  run.handle(BaseMoved{CommitId{"second"}});
  SECTION("after a landing") {
    run.end<Land>("", Landed{CommitId{"candidate"}});
  }
  SECTION("after a refusal") {
    run.end<Land>("", NotDone{"no", {}, false});
    CHECK(run.record().base_refused == CommitId{"first"});
  }
  CHECK(run.effect<PrepareLanding>("").work == CommitId{"second"});
}

TEST_CASE("commits of the base that cannot be merged in are refused once and said") {
  Run run({task("A")}, following_rules());
  run.handle(BaseMoved{CommitId{"theirs"}});
  SECTION("for a conflict") {
    run.end<PrepareLanding>("", LandingConflicts{{"a.c"}});
    CHECK(ui::sentence(run.record().behind_why) ==
          "main has commits that cannot be merged in: they conflict in a.c");
  }
  SECTION("for a failing test") {
    Rules rules = following_rules();
    rules.tested = true;
    run.handle(RunResumed{rules, {task("A")}});
    run.end<PrepareLanding>("");
    run.end<TestLanding>("", Tested{false, "red", "/log"});
    CHECK(ui::sentence(run.record().behind_why) ==
          "main has commits that cannot be merged in: the tests fail with them: red");
  }
  CHECK(run.record().landing_under_way() == nullptr);
  run.handle(BaseMoved{CommitId{"theirs"}});
  CHECK(run.in_flight<PrepareLanding>("") == nullptr);

  run.handle(BaseMoved{CommitId{"repaired"}});
  CHECK(run.effect<PrepareLanding>("").work == CommitId{"repaired"});
  run.end<PrepareLanding>("");
  if (run.in_flight<TestLanding>("") != nullptr) run.end<TestLanding>("");
  run.end<Land>("", Landed{CommitId{"good"}});
  CHECK(run.record().behind_why.empty());
}

TEST_CASE("a lock in the way of the base's commits is waited for") {
  Run run({task("A")});
  for (int moves = 0; moves < 12; ++moves) {
    run.handle(BaseMoved{CommitId{"theirs " + std::to_string(moves)}});
    run.end<PrepareLanding>("", NotDone{"index.lock exists", {}, true});
    CHECK(run.record().landing_under_way() == nullptr);
    run.pass(2s);
    run.end<PrepareLanding>("");
    run.end<Land>("", Landed{CommitId{"tip " + std::to_string(moves)}});
  }
  CHECK(run.record().base_refused.empty());
}

TEST_CASE("the user's branch follows each landing") {
  Run run({task("A"), task("B")}, following_rules());
  run.merge("A");
  CHECK(run.effect<FollowBase>().target == CommitId{"candidate of A"});
  SECTION("its own move is not taken for the user's") {
    run.handle(BaseMoved{CommitId{"candidate of A"}});
    CHECK(run.record().base_tip.empty());
    run.end<FollowBase>();
    run.handle(BaseMoved{CommitId{"candidate of A"}});
    CHECK(run.in_flight<PrepareLanding>("") == nullptr);
    CHECK(run.record().followed == CommitId{"candidate of A"});
  }
  SECTION("what the user committed meanwhile is merged in first") {
    run.end<FollowBase>({}, BranchMoved{CommitId{"theirs"}});
    CHECK(run.in_flight<FollowBase>() == nullptr);
    run.end<PrepareLanding>("");
    run.end<Land>("", Landed{CommitId{"both"}});
    CHECK(run.effect<FollowBase>().target == CommitId{"both"});
  }
  SECTION("a lock is tried again") {
    run.end<FollowBase>({}, NotDone{"index.lock exists", {}, true});
    CHECK(run.in_flight<FollowBase>() != nullptr);
    CHECK(run.told("base.behind").empty());
  }
}

TEST_CASE("a run does not stop with its landings missing on the branch without a word") {
  Rules rules = following_rules();
  rules.workers = 1;
  Run run({task("A"), task("B")}, rules);
  run.ask(Verb::Hold, "B");
  run.merge("A");
  run.end<FollowBase>({}, StayedBehind{"a.c is in the way", "git merge"});
  run.handle(BaseMoved{CommitId{"theirs"}});
  run.end<PrepareLanding>("");
  run.clean_up("A");
  run.ask(Verb::Down);
  run.end<Land>("", Landed{CommitId{"both"}});
  CHECK(run.effect<FollowBase>().target == CommitId{"both"});
  CHECK(run.record().phase == RunPhase::Stopping);
  SECTION("it follows") {
    run.end<FollowBase>();
    CHECK(run.record().behind_why.empty());
  }
  SECTION("it cannot") {
    run.end<FollowBase>({}, StayedBehind{"a.c is in the way", "git merge"});
    CHECK(ui::sentence(run.record().behind_why) == "a.c is in the way");
  }
  SECTION("it has moved") {
    run.end<FollowBase>({}, BranchMoved{CommitId{"more"}});
    CHECK(ui::sentence(run.record().behind_why) ==
          "the run is stopped before that; `tmux-orch up` goes on with it");
  }
  CHECK(run.record().phase == RunPhase::Stopped);
}

TEST_CASE("a branch that cannot follow is said with the command that catches up") {
  Run run({task("A")}, following_rules());
  run.merge("A");
  run.end<FollowBase>({}, StayedBehind{"the checkout is dirty", "git merge orch/run"});
  run.clean_up("A");
  CHECK(ui::sentence(run.record().behind_why) == "the checkout is dirty");
  CHECK(run.record().behind_command == "git merge orch/run");
  run.end<WriteReport>();
  CHECK(exit_status(run.state()) == 3);

  SECTION("until the user has caught up") {
    run.handle(BaseMoved{CommitId{"candidate of A"}});
    CHECK(run.record().behind_why.empty());
    CHECK(exit_status(run.state()) == 0);
  }
}

TEST_CASE("the branch may follow at the end only, or never") {
  Run at_end({task("A"), task("B")}, following_rules(Follow::End));
  at_end.merge("A");
  CHECK(at_end.in_flight<FollowBase>() == nullptr);
  at_end.merge("B");
  at_end.clean_up("A");
  at_end.clean_up("B");
  CHECK(at_end.effect<FollowBase>().target == CommitId{"candidate of B"});
  at_end.end<FollowBase>({}, BranchMoved{CommitId{"theirs"}});
  at_end.end<PrepareLanding>("");
  at_end.end<Land>("", Landed{CommitId{"both"}});
  at_end.end<FollowBase>();
  at_end.end<WriteReport>();
  CHECK(exit_status(at_end.state()) == 0);

  Run never({task("A")}, following_rules(Follow::Never));
  never.merge("A");
  never.clean_up("A");
  CHECK(never.in_flight<WriteReport>() != nullptr);
}

TEST_CASE("what is heard of the base while it is brought along is merged in afterwards, once") {
  Run run({task("A"), task("B")}, following_rules());
  run.merge("A");
  run.handle(BaseMoved{CommitId{"newest"}});
  CHECK(run.in_flight<PrepareLanding>("") == nullptr);
  run.end<FollowBase>({}, BranchMoved{CommitId{"older"}});
  CHECK(run.effect<PrepareLanding>("").work == CommitId{"newest"});
}
