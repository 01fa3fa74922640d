// How a run ends: when nothing can move without the user, when all is lost, and with what status.
#include "run.hpp"

using namespace orch;
using namespace orch::test;

namespace {

Rules impatient(std::optional<Span> wait) {
  Rules rules = plain_rules();
  rules.wait_user = wait;
  return rules;
}

}  // namespace

TEST_CASE("a run whose tasks are all merged writes its report and is finished") {
  Run run({task("A")});
  CHECK(run.told("run.started") == std::vector<std::string>{": 1 task on main"});
  run.merge("A");
  CHECK(run.in_flight<WriteReport>() == nullptr);
  run.clean_up("A");
  CHECK(run.record().phase == RunPhase::Finishing);
  run.end<WriteReport>();
  CHECK(run.record().phase == RunPhase::Finished);
  CHECK(run.state().pending.empty());
  CHECK(exit_status(run.state()) == 0);
  CHECK_FALSE(run.engine.next_wake().has_value());
}

TEST_CASE("a run with failed tasks ends with 3") {
  Run run({task("A"), task("B", {"A"})});
  run.give_up("A");
  run.end<WriteReport>();
  CHECK(exit_status(run.state()) == 3);
}

TEST_CASE("a run that needs the user waits as long as it was told") {
  const auto block = [](Run& run) {
    run.start("A");
    run.says("A", ReportKind::Blocked, "no key");
  };
  SECTION("not at all") {
    Run run({task_by("A", "talker")}, impatient(0min));
    block(run);
    CHECK(run.told("run.waiting").size() == 1);
    run.end<StopAgent>("A");
    run.end<WriteReport>();
    CHECK(exit_status(run.state()) == 4);
  }
  SECTION("for a while, which its own agents' end does not prolong") {
    Run run({task_by("A", "talker")}, impatient(10min));
    block(run);
    CHECK(run.engine.next_wake() == run.now + 10min);
    run.pass(10min - 1ms);
    CHECK(run.state().pending.empty());
    run.pass(1ms);
    run.end<StopAgent>("A");
    CHECK(run.record().phase == RunPhase::Finishing);
    CHECK(run.told("run.waiting").size() == 1);
  }
  SECTION("for ever") {
    Run run({task_by("A", "talker")}, impatient({}));
    block(run);
    CHECK_FALSE(run.engine.next_wake().has_value());
    run.pass(1000h);
    CHECK(run.record().phase == RunPhase::Running);
    CHECK(run.state().pending.empty());
  }
}

TEST_CASE("the user who helps in time starts the wait anew") {
  Run run({task_by("A", "talker"), task("B")}, impatient(10min));
  run.start("A");
  run.says("A", ReportKind::Blocked, "no key");
  run.merge("B");
  run.clean_up("B");
  CHECK(run.record().waiting_for_user.has_value());
  run.pass(9min);
  run.ask(Verb::Release, "A");
  CHECK_FALSE(run.record().waiting_for_user.has_value());
}

TEST_CASE("the user who comes while the agents are being stopped is heard") {
  Run run({task_by("A", "talker")}, impatient(0min));
  run.start("A");
  run.says("A", ReportKind::Blocked, "no key");
  CHECK(run.in_flight<StopAgent>("A") != nullptr);
  run.ask(Verb::Release, "A");
  run.end<StopAgent>("A");
  run.end<RescueWork>("A");
  CHECK(run.state_of("A") == TaskState::Preparing);
}

TEST_CASE("a task that waits for a blocked one does not keep the run from ending") {
  Run run({task_by("A", "talker"), task("B"), task("C", {"A"})}, impatient(0min));
  run.start("B");
  run.fail("B");
  run.start("A");
  run.says("A", ReportKind::Blocked, "no key");
  run.handle(TasksChanged{{task_by("A", "talker"), task("B", {"A"}), task("C", {"A"})}});
  run.pass(10min);
  CHECK(run.why("B") == "needs A");
  CHECK_FALSE(run.engine.next_wake().has_value());
  run.end<StopAgent>("A");
  CHECK(run.record().phase == RunPhase::Finishing);
}

TEST_CASE("a held task needs the user, one that failed or was aborted does not") {
  Run run({task("A"), task("B")}, impatient(0min));
  run.start("A");
  run.ask(Verb::Hold, "A");
  run.ask(Verb::Hold, "B");
  SECTION("held") {
    run.end<CreateWorktree>("B");
    run.end<StartAgent>("B");
    run.finish("A");
    run.finish("B");
    run.end<WriteReport>();
    CHECK(exit_status(run.state()) == 4);
  }
  SECTION("aborted") {
    run.ask(Verb::Abort);
    run.end<StopAgent>("A");
    run.end<RescueWork>("A");
    run.end<CreateWorktree>("B");
    run.end<RescueWork>("B");
    run.end<WriteReport>();
    CHECK(exit_status(run.state()) == 3);
  }
}

TEST_CASE("a run without tasks ends at once") {
  Run run({});
  run.end<WriteReport>();
  CHECK(exit_status(run.state()) == 0);
}

TEST_CASE("tasks that were left out do not count") {
  Rules rules = plain_rules();
  rules.only = {TaskId{"A"}};
  Run run({task("A"), task("B")}, rules);
  run.merge("A");
  run.clean_up("A");
  run.end<WriteReport>();
  CHECK(exit_status(run.state()) == 0);
}

TEST_CASE("a run that has not ended counts as interrupted") {
  Run run({task("A")});
  CHECK(exit_status(run.state()) == 6);
}

TEST_CASE("a finished run goes on when something can move again") {
  Run run({task("A"), task("B", {"A"})});
  run.give_up("A");
  SECTION("while it writes its report") {
    run.ask(Verb::Retry, "A");
    run.end<WriteReport>();
    CHECK(run.told("run.finished").empty());
  }
  SECTION("by a retry") {
    run.end<WriteReport>();
    run.ask(Verb::Retry, "A");
  }
  SECTION("by an up that retries what failed") {
    run.end<WriteReport>();
    run.handle(RunResumed{plain_rules(), {task("A"), task("B", {"A"})}, true});
  }
  CHECK(run.record().phase == RunPhase::Running);
  run.end<RescueWork>("A");
  CHECK(run.state_of("A") == TaskState::Preparing);
  run.merge("A");
  run.merge("B");
  run.clean_up("A");
  run.clean_up("B");
  run.end<WriteReport>();
  CHECK(exit_status(run.state()) == 0);
}

TEST_CASE("a finished run goes on when its task file gives it something to do") {
  Run run({task("A"), task("B", {"A"})});
  run.give_up("A");
  run.end<WriteReport>();
  SECTION("a dependency is taken out") {
    run.handle(TasksChanged{{task("A"), task("B")}});
    CHECK(run.state_of("B") == TaskState::Preparing);
  }
  SECTION("a task joins") {
    run.handle(TasksChanged{{task("A"), task("B", {"A"}), task("C")}});
    CHECK(run.state_of("C") == TaskState::Preparing);
  }
  CHECK(run.record().phase == RunPhase::Running);
}

TEST_CASE("down is refused when the run is over") {
  Run run({});
  CHECK(ui::sentence(run.ask(Verb::Down).refused) == "the run is finishing already");
  run.end<WriteReport>();
  CHECK(ui::sentence(run.ask(Verb::Down).refused) == "the run is finished already");
}

TEST_CASE("when all P0 tasks have failed the run stops with the reason, resumable") {
  Rules rules = plain_rules();
  rules.attempts = 1;
  const std::vector<TaskSpec> tasks = {ranked("U", Priority::P0), ranked("V", Priority::P0),
                                       task("A")};
  Run run(tasks, rules);
  run.start("U");
  run.start("V");
  run.fail("U");
  CHECK(run.record().phase == RunPhase::Running);
  run.fail("V");
  CHECK(run.record().phase == RunPhase::Stopped);
  CHECK(run.run_why() == "all P0 tasks have failed; `tmux-orch up` goes on with the others");
  CHECK(exit_status(run.state()) == 6);
  run.handle(RunResumed{rules, tasks});
  CHECK(run.state_of("A") == TaskState::Preparing);
}

TEST_CASE("a failed P0 does not stop a run in which another P0 was merged") {
  Rules rules = plain_rules();
  rules.attempts = 1;
  Run run({ranked("U", Priority::P0), ranked("V", Priority::P0), task("A")}, rules);
  run.merge("U");
  run.start("V");
  run.fail("V");
  CHECK(run.record().phase == RunPhase::Running);
  CHECK(run.state_of("A") == TaskState::Preparing);
}

TEST_CASE("a resumed run keeps what it did and what is in flight") {
  Run run({task("A"), task("B")});
  run.merge("A");
  run.end<CreateWorktree>("B");
  const EffectId starting = run.id_of<StartAgent>("B");
  const State stored = run.state();
  run.engine = Engine(stored);
  run.handle(RunResumed{plain_rules(), {task("A"), task("B")}});
  CHECK(run.state_of("A") == TaskState::Merged);
  CHECK(run.id_of<StartAgent>("B") == starting);
  run.end<StartAgent>("B");
  CHECK(run.state_of("B") == TaskState::Running);
}

TEST_CASE("an event that nothing follows from changes nothing") {
  Run run({task("A")});
  run.start("A");
  const State before = run.state();
  run.handle(ClockTicked{});
  CHECK(run.state() == before);
  CHECK(run.last.changed.empty());
  CHECK(run.last.facts.empty());
}
