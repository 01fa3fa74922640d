// What users ask for, in each state: done, or refused with a reason.
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

/// A task that says when it is done, and one that needs it.
Run talking() {
  return Run({task_by("A", "talker"), task("B", {"A"})}, tested_rules());
}

}  // namespace

TEST_CASE("abort ends a task in each state and keeps its work") {
  Run run = talking();
  SECTION("preparing") {
    run.ask(Verb::Abort, "A");
    CHECK(run.state_of("A") == TaskState::Stopping);
    run.end<CreateWorktree>("A");
    CHECK(run.in_flight<StartAgent>("A") == nullptr);
  }
  SECTION("starting") {
    run.end<CreateWorktree>("A");
    run.ask(Verb::Abort, "A");
    run.end<StartAgent>("A");
    run.end<StopAgent>("A");
  }
  SECTION("running") {
    run.start("A");
    run.ask(Verb::Abort, "A");
    run.end<StopAgent>("A");
  }
  SECTION("checking") {
    run.start("A");
    run.says("A", ReportKind::Done);
    run.ask(Verb::Abort, "A");
    run.end<CollectWork>("A");
    run.end<StopAgent>("A");
  }
  SECTION("queued") {
    run.start("A");
    run.ask(Verb::Hold, "A");
    run.finish("A");
    run.ask(Verb::Abort, "A");
    run.end<StopAgent>("A");
  }
  SECTION("being merged") {
    run.start("A");
    run.finish("A");
    run.ask(Verb::Abort, "A");
    run.end<PrepareLanding>("A");
    run.end<StopAgent>("A");
  }
  SECTION("being tested") {
    run.start("A");
    run.finish("A");
    run.end<PrepareLanding>("A");
    run.ask(Verb::Abort, "A");
    run.end<TestLanding>("A");
    run.end<StopAgent>("A");
  }
  SECTION("blocked") {
    run.start("A");
    run.says("A", ReportKind::Blocked, "no key");
    run.ask(Verb::Abort, "A");
    run.end<StopAgent>("A");
  }
  CHECK(run.last.refused.empty());
  run.end<RescueWork>("A");
  CHECK(run.state_of("A") == TaskState::Aborted);
  CHECK(run.why("A") == "aborted by you");
  CHECK(run.record().landing_under_way() == nullptr);
  CHECK(run.task("A").worker == 0);
  CHECK(run.state_of("B") == TaskState::Unreachable);
}

TEST_CASE("abort of a task that has not begun leaves nothing to save") {
  Run run = talking();
  run.ask(Verb::Abort, "B");
  CHECK(run.state_of("B") == TaskState::Aborted);
  CHECK(run.outbox() == std::vector<std::string>{"create_worktree A"});
}

TEST_CASE("abort is refused when it is too late") {
  Run run = talking();
  run.start("A");
  run.finish("A");
  run.end<PrepareLanding>("A");
  run.end<TestLanding>("A");
  SECTION("being landed") {
    CHECK(ui::sentence(run.ask(Verb::Abort, "A").refused) == "A is being landed at this moment");
    CHECK(run.state_of("A") == TaskState::Landing);
  }
  SECTION("merged") {
    run.end<Land>("A", Landed{CommitId{"candidate"}});
    CHECK(ui::sentence(run.ask(Verb::Abort, "A").refused) ==
          "A is merged already; `tmux-orch undo A` takes it back");
  }
  SECTION("aborted already") {
    run.ask(Verb::Abort, "B");
    CHECK(ui::sentence(run.ask(Verb::Abort, "B").refused) == "B is aborted already");
  }
}

TEST_CASE("abort of all ends the run") {
  Run run = talking();
  run.start("A");
  CHECK(run.ask(Verb::Abort).refused.empty());
  CHECK(run.state_of("B") == TaskState::Aborted);
  run.end<StopAgent>("A");
  run.end<RescueWork>("A");
  run.end<WriteReport>();
  CHECK(run.record().phase == RunPhase::Finished);
  CHECK(exit_status(run.state()) == 3);
  CHECK(ui::sentence(run.ask(Verb::Abort).refused) == "there is no task left to abort");
}

TEST_CASE("a held task is not started, or not landed") {
  Run run = talking();
  SECTION("waiting") {
    run.ask(Verb::Hold, "B");
    CHECK(shown_state(run.task("B")) == "held");
    run.merge("A");
    CHECK(run.why("B") == "held");
    run.ask(Verb::Release, "B");
    CHECK(run.state_of("B") == TaskState::Preparing);
  }
  SECTION("preparing: it starts, and does not land") {
    run.ask(Verb::Hold, "A");
    run.start("A");
    CHECK_FALSE(run.agent("A").busy_since.has_value());
    run.finish("A");
    CHECK(run.state_of("A") == TaskState::Queued);
    CHECK(run.state().pending.empty());
    run.ask(Verb::Release, "A");
    CHECK(run.state_of("A") == TaskState::Landing);
  }
  SECTION("running: it goes on, and does not land") {
    run.start("A");
    run.ask(Verb::Hold, "A");
    CHECK(run.state_of("A") == TaskState::Running);
    run.finish("A");
    CHECK(run.state_of("A") == TaskState::Queued);
    run.ask(Verb::Merge, "A");
    CHECK(run.state_of("A") == TaskState::Landing);
  }
}

TEST_CASE("hold and release are refused where they mean nothing") {
  Run run = talking();
  CHECK(ui::sentence(run.ask(Verb::Release, "B").refused) == "B is not held: it is waiting");
  run.ask(Verb::Abort, "B");
  CHECK(ui::sentence(run.ask(Verb::Hold, "B").refused) == "B is aborted already");
  run.ask(Verb::Hold, "A");
  CHECK(run.ask(Verb::Hold, "A").refused.empty());
}

TEST_CASE("hold of all holds what is not over") {
  Run run = talking();
  run.ask(Verb::Hold);
  CHECK(run.task("A").held);
  CHECK(run.task("B").held);
  run.ask(Verb::Release);
  CHECK_FALSE(run.task("B").held);
}

TEST_CASE("retry starts a task again with all its attempts") {
  Run run({task("A"), task("B", {"A"})});
  SECTION("failed") {
    run.give_up("A");
    CHECK(run.state_of("B") == TaskState::Unreachable);
    run.ask(Verb::Retry, "A");
    run.end<RescueWork>("A");
    CHECK(run.state_of("B") == TaskState::Waiting);
  }
  SECTION("aborted") {
    run.ask(Verb::Abort, "A");
    run.end<CreateWorktree>("A");
    run.end<RescueWork>("A");
    run.ask(Verb::Retry, "A");
    run.end<RescueWork>("A");
  }
  SECTION("blocked") {
    run.end<CreateWorktree>("A", NotDone{"no such command", {}, false});
    run.ask(Verb::Retry, "A");
  }
  SECTION("running") {
    run.start("A");
    run.ask(Verb::Retry, "A");
    run.end<StopAgent>("A");
    run.end<RescueWork>("A");
  }
  CHECK(run.state_of("A") == TaskState::Preparing);
  CHECK(run.task("A").failures == 0);
  CHECK(run.task("A").restarts == 0);
  run.end<CreateWorktree>("A");
  CHECK(run.in_flight<StartAgent>("A") != nullptr);
}

TEST_CASE("retry of a waiting task takes its delay away") {
  Run run({task("A")});
  run.start("A");
  run.fail("A");
  CHECK(run.state_of("A") == TaskState::Waiting);
  run.ask(Verb::Retry, "A");
  CHECK(run.state_of("A") == TaskState::Preparing);
  CHECK(run.task("A").failures == 1);
}

TEST_CASE("retry is refused where it would do harm or nothing") {
  Run run({task("A"), task("B", {"A"})}, tested_rules());
  run.give_up("A");
  CHECK(ui::sentence(run.ask(Verb::Retry, "B").refused) ==
        "B needs A, which is failed: retry that one");
  run.ask(Verb::Merge, "A");
  run.end<CollectWork>("A");
  CHECK(ui::sentence(run.ask(Verb::Retry, "A").refused) ==
        "A is being landed: wait for the outcome");
  run.land("A");
  CHECK(ui::sentence(run.ask(Verb::Retry, "A").refused) == "A is merged already");
  CHECK(ui::sentence(run.ask(Verb::Retry).refused) == "retry needs the id of a task");
  CHECK(ui::sentence(run.ask(Verb::Retry, "Z").refused) == "there is no task Z");
}

TEST_CASE("merge takes what a blocked or failed task has, as it is") {
  Run run = talking();
  run.start("A");
  SECTION("blocked") {
    run.says("A", ReportKind::Blocked, "is this right?");
  }
  SECTION("failed") {
    run.finish("A");
    run.end<PrepareLanding>("A");
    run.end<TestLanding>("A", Tested{false, "red", "/log"});
    run.end<StopAgent>("A");
    run.end<RescueWork>("A");
    CHECK(run.state_of("B") == TaskState::Unreachable);
  }
  run.ask(Verb::Merge, "A");
  CHECK(run.last.refused.empty());
  CHECK(run.state_of("B") == TaskState::Waiting);
  run.end<CollectWork>("A", WorkCollected{CommitId{"start"}, false, {}});
  CHECK(run.state_of("A") == TaskState::Landing);
  run.land("A");
  CHECK(run.state_of("A") == TaskState::Merged);
}

TEST_CASE("merge is refused when there is nothing to merge, or no need") {
  Run run = talking();
  CHECK(ui::sentence(run.ask(Verb::Merge, "B").refused) ==
        "B has nothing to merge yet: it is waiting");
  run.start("A");
  CHECK(ui::sentence(run.ask(Verb::Merge, "A").refused) ==
        "A is still running: it lands when its agent is done");
  run.finish("A");
  CHECK(ui::sentence(run.ask(Verb::Merge, "A").refused) == "A is being landed already");
  run.ask(Verb::Abort, "B");
  CHECK(ui::sentence(run.ask(Verb::Merge, "B").refused) == "B has no worktree with work in it");
  CHECK(ui::sentence(run.ask(Verb::Merge).refused) == "merge needs the id of a task");
}

TEST_CASE("down stops the agents, saves their work and can be resumed") {
  Rules rules = tested_rules();
  rules.workers = 5;
  const std::vector<TaskSpec> tasks = {task_by("A", "talker"), task_by("B", "talker"), task("C"),
                                       task_by("D", "talker"), task("E", {"A"})};
  Run run(tasks, rules);
  run.start("A");
  run.start("B");
  run.says("B", ReportKind::Blocked, "no key");
  run.start("D");
  run.says("D", ReportKind::Done);
  run.ask(Verb::Down);
  CHECK(run.record().phase == RunPhase::Stopping);
  run.end<CreateWorktree>("C");
  run.end<RescueWork>("C");
  run.end<StopAgent>("A");
  run.end<RescueWork>("A", WorkRescued{"refs/orch/rescue/A"});
  run.end<StopAgent>("B");
  run.end<CollectWork>("D");
  CHECK(run.record().phase == RunPhase::Stopping);
  run.end<StopAgent>("D");
  CHECK(run.record().phase == RunPhase::Stopped);
  CHECK(run.state().pending.empty());
  CHECK(exit_status(run.state()) == 6);
  CHECK(run.state_of("A") == TaskState::Waiting);
  CHECK(run.task("A").rescues == std::vector<std::string>{"refs/orch/rescue/A"});
  CHECK(run.state_of("B") == TaskState::Blocked);
  CHECK(run.state_of("C") == TaskState::Waiting);
  CHECK(run.state_of("D") == TaskState::Queued);
  CHECK(ui::sentence(run.ask(Verb::Down).refused) == "the run is stopped already");

  run.handle(RunResumed{rules, tasks});
  CHECK(run.record().phase == RunPhase::Running);
  CHECK(run.state_of("A") == TaskState::Preparing);
  CHECK(run.state_of("B") == TaskState::Blocked);
  CHECK(run.state_of("D") == TaskState::Landing);
  CHECK(run.task("A").failures == 0);
}

TEST_CASE("down lets nothing move any more that was being landed") {
  Run run = talking();
  run.start("A");
  run.finish("A");
  SECTION("while it is merged") {
    run.ask(Verb::Down);
    run.end<PrepareLanding>("A");
  }
  SECTION("while it is tested") {
    run.end<PrepareLanding>("A");
    run.ask(Verb::Down);
    run.end<TestLanding>("A");
  }
  CHECK(run.outbox() == std::vector<std::string>{"stop_agent A"});
  run.end<StopAgent>("A");
  CHECK(run.record().phase == RunPhase::Stopped);
  CHECK(run.state_of("A") == TaskState::Queued);
}

TEST_CASE("down lets nothing move of the base's commits either") {
  Run run({task("A")}, tested_rules());
  run.handle(BaseMoved{CommitId{"theirs"}});
  run.end<PrepareLanding>("");
  run.ask(Verb::Down);
  run.end<TestLanding>("");
  CHECK(run.in_flight<Land>("") == nullptr);
  run.end<CreateWorktree>("A");
  run.end<RescueWork>("A");
  CHECK(run.record().phase == RunPhase::Stopped);
  run.handle(RunResumed{tested_rules(), {task("A")}});
  CHECK(run.in_flight<TestBase>() == nullptr);
  CHECK(run.effect<PrepareLanding>("").work == CommitId{"theirs"});
}

TEST_CASE("down --keep-agents leaves them at work") {
  Run run = talking();
  run.start("A");
  run.ask(Verb::DownKeepAgents);
  CHECK(run.record().phase == RunPhase::Stopped);
  CHECK(run.state_of("A") == TaskState::Running);
  CHECK(run.state().pending.empty());
  SECTION("until the next up") {
    run.handle(RunResumed{tested_rules(), {task_by("A", "talker"), task("B", {"A"})}});
    run.finish("A");
    run.land("A");
    CHECK(run.state_of("B") == TaskState::Preparing);
  }
  SECTION("or a down that stops them after all") {
    CHECK(run.ask(Verb::Down).refused.empty());
    run.end<StopAgent>("A");
    run.end<RescueWork>("A");
    CHECK(run.record().phase == RunPhase::Stopped);
  }
}

TEST_CASE("up goes on with a run that was killed while it was being stopped") {
  Run run = talking();
  run.start("A");
  run.ask(Verb::Down);
  run.handle(RunResumed{tested_rules(), {task_by("A", "talker"), task("B", {"A"})}});
  run.end<StopAgent>("A");
  run.end<RescueWork>("A");
  CHECK(run.record().phase == RunPhase::Running);
  CHECK(run.state_of("A") == TaskState::Preparing);
}

TEST_CASE("an answer right before the run is stopped is told to the next agent") {
  Run run({task_by("A", "talker")});
  run.start("A");
  run.says("A", ReportKind::Blocked, "which parser?");
  run.exits("A", 0);
  if (run.in_flight<RescueWork>("A") != nullptr) run.end<RescueWork>("A");
  REQUIRE(run.state_of("A") == TaskState::Blocked);
  UserAsked answer{Verb::ReleaseWith, TaskId{"A"}};
  answer.text = "the first one";
  REQUIRE(run.handle(answer).refused.empty());
  if (run.in_flight<RescueWork>("A") != nullptr) run.end<RescueWork>("A");
  REQUIRE(run.state_of("A") == TaskState::Preparing);
  run.ask(Verb::Down);
  run.end<CreateWorktree>("A");
  if (run.in_flight<StopAgent>("A") != nullptr) run.end<StopAgent>("A");
  if (run.in_flight<RescueWork>("A") != nullptr) run.end<RescueWork>("A");
  REQUIRE(run.record().phase == RunPhase::Stopped);
  run.handle(RunResumed{plain_rules(), {task_by("A", "talker")}});
  run.end<CreateWorktree>("A");
  const StartAgent& start = run.effect<StartAgent>("A");
  CHECK(start.last_failure.kind == ReasonKind::Answered);
  CHECK(start.last_failure.text == "the first one");
}
