// Merged tasks that the user takes back.
#include "run.hpp"

using namespace orch;
using namespace orch::test;

namespace {

Rules tested() {
  Rules rules = plain_rules();
  rules.tested = true;
  rules.test_base = false;
  return rules;
}

void merge(Run& run, const std::string& id) {
  run.start(id);
  run.finish(id);
  run.land(id);
  run.clean_up(id);
}

/// A is merged and cleaned up, and B needs it.
Run with_a_landed(std::vector<TaskSpec> tasks = {task("A"), task("B", {"A"})}) {
  Run run(std::move(tasks), tested());
  merge(run, "A");
  return run;
}

void take_back(Run& run) {
  run.ask(Verb::Undo, "A");
  run.end<PrepareLanding>();
  run.end<TestLanding>();
  run.end<Land>({}, Landed{CommitId{"reverted"}});
}

}  // namespace

TEST_CASE("a task is taken back by a landing that is tested, and is aborted then") {
  Run run = with_a_landed({task("A")});
  const CommitId landed = run.task("A").merged;
  CHECK(run.ask(Verb::Undo, "A").refused.empty());
  CHECK(run.why("A") == "being taken back");
  CHECK(run.effect<PrepareLanding>().undo == TaskId{"A"});
  CHECK(run.effect<PrepareLanding>().work == landed);
  CHECK(run.effect<PrepareLanding>().onto == landed);
  run.end<PrepareLanding>();
  CHECK(run.effect<TestLanding>().candidate == CommitId{"candidate"});
  run.end<TestLanding>();
  CHECK(run.effect<Land>().onto == landed);
  CHECK(run.last.durable);
  run.end<Land>({}, Landed{CommitId{"reverted"}});
  CHECK(run.state_of("A") == TaskState::Aborted);
  CHECK(run.task("A").merged.empty());
  CHECK(run.task("A").undone == CommitId{"reverted"});
  CHECK(run.record().integration == CommitId{"reverted"});
  CHECK(run.record().undos.empty());
  CHECK(run.told("task.undone") ==
        std::vector<std::string>{"A: taken back by you after it had landed; `tmux-orch retry A` "
                                 "does it again on what is there now"});
  run.end<WriteReport>();
  run.end<WriteReport>();
  CHECK(exit_status(run.state()) == 3);
}

TEST_CASE("what is taken back is not begun again by itself, and is by retry") {
  Run run = with_a_landed({task("A")});
  take_back(run);
  run.end<WriteReport>();
  run.handle(RunResumed{.rules = tested(), .tasks = {task("A")}, .retry_failed = true});
  CHECK(run.state_of("A") == TaskState::Aborted);
  run.ask(Verb::Retry, "A");
  CHECK(run.effect<CreateWorktree>("A").from == CommitId{"reverted"});
  CHECK(run.effect<CreateWorktree>("A").began.empty());
  run.end<CreateWorktree>("A");
  CHECK(run.effect<StartAgent>("A").last_failure.kind == ReasonKind::TakenBack);
  run.end<StartAgent>("A");
  run.finish("A");
  run.land("A");
  CHECK(run.state_of("A") == TaskState::Merged);
  CHECK_FALSE(is_taken_back(run.task("A")));
}

TEST_CASE("what needs it is unreachable once it is taken back, and goes on when it is retried") {
  Run run({task("A"), task("B", {"A"})}, tested());
  run.ask(Verb::Hold, "B");
  merge(run, "A");
  CHECK(run.state_of("B") == TaskState::Waiting);
  take_back(run);
  CHECK(run.state_of("B") == TaskState::Unreachable);
  CHECK(ui::sentence(run.task("B").why) == "needs A, which is aborted");
  run.ask(Verb::Retry, "A");
  CHECK(run.state_of("B") == TaskState::Waiting);
}

TEST_CASE("a task at work that needs it goes on, and is not begun again when it fails") {
  Run run = with_a_landed();
  run.start("B");
  take_back(run);
  CHECK(run.state_of("B") == TaskState::Running);
  run.fail("B");
  CHECK(run.state_of("B") == TaskState::Unreachable);
  run.ask(Verb::Retry, "A");
  CHECK(run.state_of("B") == TaskState::Waiting);
}

TEST_CASE("it stays merged where later work is in the way, or the tests fail without it") {
  Run run = with_a_landed({task("A")});
  run.ask(Verb::Undo, "A");
  SECTION("a conflict") {
    run.end<PrepareLanding>({}, LandingConflicts{{"a.c"}, false, "`git revert x` does it by hand"});
    CHECK(run.why("A") ==
          "merged, and not taken back: what landed after it changed the same places of a.c; `git "
          "revert x` does it by hand");
  }
  SECTION("tests") {
    run.end<PrepareLanding>();
    run.end<TestLanding>({}, Tested{false, "make exited with 2", "/log"});
    CHECK(run.why("A") ==
          "merged, and not taken back: the tests fail without it: make exited with 2 (log: /log)");
  }
  SECTION("tests that fail with it as well") {
    run.end<PrepareLanding>();
    run.end<TestLanding>({}, Tested{false, "make exited with 2", "/log", {}, true});
    CHECK(run.why("A") ==
          "merged, and not taken back: main fails its own tests: make exited with 2 (log: /log)");
  }
  SECTION("the branch cannot be moved") {
    run.end<PrepareLanding>();
    run.end<TestLanding>();
    run.end<Land>({}, NotDone{"it is checked out", "git switch"});
    CHECK(run.why("A") == "merged, and not taken back: it is checked out; git switch");
  }
  CHECK(run.state_of("A") == TaskState::Merged);
  CHECK(run.record().undos.empty());
  CHECK(run.record().landings.empty());
  CHECK(run.told("task.undo-refused").size() == 1);
  CHECK(run.ask(Verb::Undo, "A").refused.empty());
}

TEST_CASE("who moved the branch meanwhile is landed on") {
  Run run = with_a_landed({task("A")});
  run.ask(Verb::Undo, "A");
  run.end<PrepareLanding>();
  run.end<TestLanding>();
  run.end<Land>({}, BranchMoved{CommitId{"moved"}});
  CHECK(run.effect<PrepareLanding>().onto == CommitId{"moved"});
}

TEST_CASE("what cannot be taken back is refused with the reason") {
  Run run({task("A"), task("B"), task("C", {"A"})}, tested());
  const auto refusal = [&run](const std::string& id) {
    return ui::sentence(run.ask(Verb::Undo, id).refused);
  };
  CHECK(refusal("C") == "C has not landed, so there is nothing to take back: it is waiting");
  CHECK(refusal("") == "undo needs the id of a task");
  merge(run, "A");
  run.ask(Verb::Hold, "B");
  run.ask(Verb::Undo, "A");
  CHECK(refusal("A") == "A is being taken back already");
  run.ask(Verb::Retry, "A");
  CHECK(run.state_of("A") == TaskState::Merged);
}

TEST_CASE("it waits until the clean-up of its task is over, and the user's commits have landed") {
  Run run({task("A")}, tested());
  run.start("A");
  run.finish("A");
  run.land("A");
  run.ask(Verb::Undo, "A");
  CHECK(run.in_flight<PrepareLanding>() == nullptr);
  run.handle(BaseMoved{CommitId{"theirs"}});
  CHECK(run.effect<PrepareLanding>().undo.value.empty());
  run.clean_up("A");
  run.end<PrepareLanding>();
  run.end<TestLanding>();
  run.end<Land>({}, Landed{CommitId{"both"}});
  CHECK(run.effect<PrepareLanding>().undo == TaskId{"A"});
  CHECK(run.effect<PrepareLanding>().onto == CommitId{"both"});
}

TEST_CASE("beside a train it lands alone, and what is new waits behind it") {
  Rules rules = tested();
  rules.parallel = 4;
  rules.workers = 4;
  Run run({task("A"), task("B"), task("C")}, rules);
  merge(run, "A");
  run.start("B");
  run.start("C");
  run.finish("B");
  run.end<PrepareLanding>("B");
  run.ask(Verb::Undo, "A");
  CHECK(run.in_flight<PrepareLanding>() == nullptr);
  run.finish("C");
  CHECK(run.in_flight<PrepareLanding>("C") == nullptr);
  run.end<TestLanding>("B");
  run.end<Land>("B", Landed{CommitId{"B landed"}});
  CHECK(run.effect<PrepareLanding>().undo == TaskId{"A"});
  CHECK(run.in_flight<PrepareLanding>("C") == nullptr);
  run.end<PrepareLanding>();
  run.end<TestLanding>();
  run.end<Land>({}, Landed{CommitId{"reverted"}});
  CHECK(run.effect<PrepareLanding>("C").onto == CommitId{"reverted"});
}

TEST_CASE("a lock is waited for, and a run that was stopped goes on with it") {
  Run run = with_a_landed({task("A")});
  run.ask(Verb::Undo, "A");
  SECTION("a lock") {
    run.end<PrepareLanding>({}, NotDone{"index.lock exists", {}, true});
    CHECK(run.record().landing_under_way() == nullptr);
    run.pass(2s);
    run.end<PrepareLanding>();
    run.end<TestLanding>();
    run.end<Land>({}, Landed{CommitId{"reverted"}});
  }
  SECTION("down") {
    run.ask(Verb::Down);
    run.end<PrepareLanding>();
    CHECK(run.record().landings.empty());
    CHECK(run.state_of("A") == TaskState::Merged);
    run.handle(RunResumed{tested(), {task("A")}});
    run.end<PrepareLanding>();
    run.end<TestLanding>();
    run.end<Land>({}, Landed{CommitId{"reverted"}});
  }
  CHECK(run.state_of("A") == TaskState::Aborted);
}

TEST_CASE("a run that is over goes on for it") {
  Run run = with_a_landed({task("A")});
  run.end<WriteReport>();
  CHECK(run.record().phase == RunPhase::Finished);
  run.ask(Verb::Undo, "A");
  CHECK(run.record().phase == RunPhase::Running);
  run.end<PrepareLanding>();
  run.end<TestLanding>();
  run.end<Land>({}, Landed{CommitId{"reverted"}});
  run.end<WriteReport>();
  CHECK(run.record().phase == RunPhase::Finished);
}

TEST_CASE("a base that failed its tests for what is taken back lets others land then") {
  Run run({task("A"), task("B")}, tested());
  merge(run, "A");
  run.start("B");
  run.finish("B");
  run.end<PrepareLanding>("B");
  run.end<TestLanding>("B", Tested{false, "red", "/log", {}, true});
  CHECK(run.state_of("B") == TaskState::Saving);
  run.end<RescueWork>("B");
  CHECK(run.state_of("B") == TaskState::Blocked);
  take_back(run);
  CHECK(run.in_flight<PrepareLanding>("B") != nullptr);
}

TEST_CASE("its mark is taken back, and is tried again when that could not be done") {
  Rules rules = tested();
  rules.write_back = true;
  Run run({task("A"), task("B")}, rules);
  run.ask(Verb::Hold, "B");
  run.start("A");
  run.finish("A");
  run.land("A");
  run.end<TickFile>("A");
  run.clean_up("A");
  take_back(run);
  CHECK(run.task("A").tick == Tick::Due);
  run.end<TickFile>("A", NotDone{"another version is checked out"});
  CHECK(run.task("A").tick == Tick::Late);
  run.handle(RunResumed{rules, {task("A"), task("B")}});
  run.end<TickFile>("A");
  CHECK(run.task("A").tick == Tick::Written);
}
