// Who starts when, with which worker, and why the others wait.
#include "run.hpp"

using namespace orch;
using namespace orch::test;

TEST_CASE("a task waits until what it needs is merged, not until it is done") {
  Run run({task("A"), task("B", {"A"})});
  CHECK(run.why("B") == "needs A");
  run.start("A");
  run.finish("A");
  CHECK(run.state_of("A") == TaskState::Landing);
  CHECK(run.state_of("B") == TaskState::Waiting);
  run.land("A");
  CHECK(run.state_of("B") == TaskState::Preparing);
  CHECK(run.effect<CreateWorktree>("B").from == CommitId{"candidate of A"});
}

TEST_CASE("a task that is ticked before the run satisfies its dependents") {
  TaskSpec ticked = task("A");
  ticked.done = true;
  Run run({ticked, task("B", {"A"})});
  CHECK(run.state_of("A") == TaskState::Merged);
  CHECK(run.state_of("B") == TaskState::Preparing);
  CHECK(run.outbox() == std::vector<std::string>{"create_worktree B"});
}

TEST_CASE("a P0 goes before everything, until it is merged") {
  Run run({task("A"), ranked("U", Priority::P0)});
  CHECK(run.why("A") == "P0 tasks go first");
  run.start("U");
  run.finish("U");
  CHECK(run.state_of("A") == TaskState::Waiting);
  run.land("U");
  CHECK(run.state_of("A") == TaskState::Preparing);
}

TEST_CASE("what a P0 needs goes first, too") {
  Run run({task("A"), task("B"), ranked("U", Priority::P0, {"B"})});
  CHECK(run.state_of("B") == TaskState::Preparing);
  CHECK(run.why("A") == "P0 tasks go first");
}

TEST_CASE("a P0 that only the user can move holds nobody back") {
  Run run({ranked("U", Priority::P0), task("A")});
  SECTION("because it is held") {
    run.ask(Verb::Abort, "U");
    run.end<CreateWorktree>("U");
    run.end<RescueWork>("U");
  }
  SECTION("because it is blocked") {
    run.end<CreateWorktree>("U", NotDone{"no such command", {}, false});
    CHECK(run.state_of("U") == TaskState::Blocked);
  }
  SECTION("because it waits to land and is held") {
    run.start("U");
    run.ask(Verb::Hold, "U");
    CHECK(run.state_of("A") == TaskState::Preparing);
    run.finish("U");
  }
  CHECK(run.state_of("A") == TaskState::Preparing);
}

TEST_CASE("a P0 that needs a blocked task holds nobody back") {
  Run run({task("B"), ranked("U", Priority::P0, {"B"}), task("A")});
  run.end<CreateWorktree>("B", NotDone{"no such command", {}, false});
  CHECK(run.state_of("B") == TaskState::Blocked);
  CHECK(run.state_of("A") == TaskState::Preparing);
}

TEST_CASE("among equals the longest chain goes first, then the order of the file") {
  Rules rules = plain_rules();
  rules.workers = 1;
  Run run({task("A"), task("B"), task("C", {"B"}), task("D", {"C"})}, rules);
  CHECK(run.outbox() == std::vector<std::string>{"create_worktree B"});
  run.start("B");
  run.finish("B");
  CHECK(run.outbox() == std::vector<std::string>{"create_worktree A", "prepare_landing B"});
}

TEST_CASE("priority goes before the length of the chain") {
  Rules rules = plain_rules();
  rules.workers = 1;
  Run run({task("B"), task("C", {"B"}), ranked("A", Priority::P1)}, rules);
  CHECK(run.outbox() == std::vector<std::string>{"create_worktree A"});
}

TEST_CASE("tasks on the same files run one after the other") {
  Run run({task_on("A", {"src/"}), task_on("B", {"src/b.c"}), task_on("C", {"doc.md"})});
  CHECK(run.state_of("A") == TaskState::Preparing);
  CHECK(run.state_of("C") == TaskState::Preparing);
  CHECK(run.why("B") == "shares files with A");
  run.start("A");
  SECTION("until the first is merged") {
    run.finish("A");
    CHECK(run.state_of("B") == TaskState::Waiting);
    run.land("A");
  }
  SECTION("also while the first waits for its next try") {
    run.fail("A");
    CHECK(run.state_of("A") == TaskState::Waiting);
    CHECK(run.why("B") == "shares files with A");
    run.pass(1min);
    CHECK(run.state_of("A") == TaskState::Preparing);
    run.ask(Verb::Abort, "A");
    run.end<CreateWorktree>("A");
    run.end<RescueWork>("A");
  }
  CHECK(run.state_of("B") == TaskState::Preparing);
}

TEST_CASE("tasks on the same files run together where the user said so") {
  Rules rules = plain_rules();
  rules.on_overlap = OnOverlap::Continue;
  Run run({task_on("A", {"a.c"}), task_on("B", {"a.c"})}, rules);
  CHECK(run.state_of("B") == TaskState::Preparing);
}

TEST_CASE("workers are numbered from 1 and each has one task") {
  Run run({task("A"), task("B"), task("C")});
  CHECK(run.task("A").worker == 1);
  CHECK(run.task("B").worker == 2);
  CHECK(run.why("C") == "all 2 workers are busy");
  run.start("A");
  run.finish("A");
  CHECK(run.task("A").worker == 0);
  CHECK(run.task("C").worker == 1);
}

TEST_CASE("the replacement of a failed agent keeps its worker") {
  Run run({task("A"), task("B")});
  run.start("A");
  run.start("B");
  run.fail("B");
  run.finish("A");
  CHECK(run.state_of("B") == TaskState::Waiting);
  run.pass(10s);
  CHECK(run.state_of("B") == TaskState::Preparing);
  CHECK(run.task("B").worker == 2);
  CHECK(run.task("B").attempts == 2);
}

TEST_CASE("a worker does not wait for a task that waits for the user") {
  Rules rules = plain_rules();
  rules.workers = 1;
  Run run({task("A"), task("B")}, rules);
  run.start("A");
  run.ask(Verb::Hold, "A");
  run.fail("A");
  CHECK(run.why("A") == "held");
  CHECK(run.state_of("B") == TaskState::Preparing);
  CHECK(run.task("B").worker == 1);
}

TEST_CASE("a P0 that joins gets the worker of a task between two tries") {
  Rules rules = plain_rules();
  rules.workers = 1;
  Run run({task("A")}, rules);
  run.start("A");
  run.fail("A");
  run.handle(TasksChanged{{task("A"), ranked("U", Priority::P0)}});
  CHECK(run.state_of("U") == TaskState::Preparing);
  CHECK(run.why("A") == "P0 tasks go first");
}

TEST_CASE("with fewer workers than before, the next task waits until enough have ended") {
  Run run({task("A"), task("B"), task("C")});
  Rules rules = plain_rules();
  rules.workers = 1;
  run.handle(RunResumed{rules, {task("A"), task("B"), task("C")}});
  run.start("A");
  run.finish("A");
  CHECK(run.state_of("C") == TaskState::Waiting);
  run.start("B");
  run.finish("B");
  CHECK(run.task("C").worker == 1);
}

TEST_CASE("a kind of agent has a limit of its own") {
  Rules rules = plain_rules();
  rules.agents["sh"].max_parallel = 1;
  Run run({task("A"), task("B"), task_by("C", "talker")}, rules);
  CHECK(run.why("B") == "1 sh agent is at work already");
  CHECK(run.state_of("C") == TaskState::Preparing);
}

TEST_CASE("only the chosen tasks run") {
  Rules rules = plain_rules();
  rules.only = {TaskId{"B"}, TaskId{"C"}};
  Run run({task("A"), task("B"), task("C", {"A"})}, rules);
  CHECK(run.why("A") == "left out by --only");
  CHECK(run.state_of("B") == TaskState::Preparing);
  CHECK(run.state_of("C") == TaskState::Unreachable);
  CHECK(run.why("C") == "needs A, which is left out by --only");

  SECTION("and the others when the run goes on without a choice") {
    run.handle(RunResumed{plain_rules(), {task("A"), task("B"), task("C", {"A"})}});
    CHECK(run.state_of("A") == TaskState::Preparing);
    CHECK(run.why("C") == "needs A");
  }
}

TEST_CASE("the user sees at most three of the tasks that are waited for") {
  Run run({task("A"), task("B"), task("C"), task("D"), task("E", {"A", "B", "C", "D"})});
  CHECK(run.why("E") == "needs A, B, C and 1 more");
}

TEST_CASE("a task that was ticked while it ran and was interrupted is started again") {
  Rules rules = plain_rules();
  rules.workers = 1;
  Run run({ranked("A", Priority::P0), task("B")}, rules);
  run.end<CreateWorktree>("A");
  TaskSpec ticked = ranked("A", Priority::P0);
  ticked.done = true;
  run.handle(TasksChanged{{ticked, task("B")}});
  run.ask(Verb::Down);
  run.end<StartAgent>("A");
  run.end<StopAgent>("A");
  run.end<RescueWork>("A");
  run.handle(RunResumed{rules, {ticked, task("B")}, false});
  CHECK(run.in_flight<CreateWorktree>("A") != nullptr);
}
