// Kinds of agents: the first one alone, a gap between starts, a stop after failed starts.
#include "run.hpp"

using namespace orch;
using namespace orch::test;

namespace {

Rules careful() {
  Rules rules = plain_rules();
  rules.workers = 3;
  rules.agent = "talker";
  rules.retry_delay = 1s;
  return rules;
}

AgentSeen seen(const std::string& id, Activity activity, const std::string& kind = {}) {
  AgentSeen event;
  event.task = TaskId{id};
  event.attempt = 1;
  event.activity = activity;
  event.kind = kind;
  return event;
}

/// Its program calls a hook.
AgentReported hook(const std::string& id, Activity activity) {
  AgentReported event{.id = "hook of " + id, .task = TaskId{id}, .attempt = 1};
  event.kind = ReportKind::Hook;
  event.hook.activity = activity;
  return event;
}

Rules first_alone() {
  Rules rules = careful();
  rules.agents["talker"].seen = true;
  rules.agents["talker"].first_alone = true;
  return rules;
}

Rules stopping() {
  Rules rules = careful();
  rules.agents["talker"].failed_start = 10s;
  rules.retry_delay = 1min;
  return rules;
}

/// Its agent ends that long after its start, having printed this; nothing was left to save.
void fails_at_start(Run& run, const std::string& id, Span after = 2s) {
  run.pass(after);
  AgentExited event{.task = TaskId{id}, .attempt = run.task(id).attempts, .code = 1};
  event.last_words = "Unable to connect";
  run.handle(event);
  run.end<RescueWork>(id, WorkRescued{});
}

}  // namespace

TEST_CASE("the first agent of a kind starts alone until one is at work") {
  Run run({task("A"), task("B"), task_by("C", "sh")}, first_alone());
  CHECK(run.outbox() == std::vector<std::string>{"create_worktree A", "create_worktree C"});
  CHECK(run.why("B") == "waits until the first talker agent has got to work");
  run.start("A");
  run.handle(seen("A", Activity::Asking, "trust"));
  CHECK(run.state_of("B") == TaskState::Waiting);
  SECTION("seen busy") {
    run.handle(seen("A", Activity::Busy));
  }
  SECTION("seen idle") {
    run.handle(seen("A", Activity::Idle));
  }
  SECTION("its own program says so") {
    run.handle(hook("A", Activity::Busy));
  }
  SECTION("it has reported") {
    run.says("A", ReportKind::Progress, "half");
  }
  CHECK(run.state_of("B") == TaskState::Preparing);
}

TEST_CASE("where the first of a kind fails another one is the first") {
  Run run({task("A"), task("B"), task("C")}, first_alone());
  run.start("A");
  run.ask(Verb::Abort, "A");
  run.end<StopAgent>("A");
  run.end<RescueWork>("A");
  CHECK(run.state_of("B") == TaskState::Preparing);
  CHECK(run.state_of("C") == TaskState::Waiting);
}

TEST_CASE("agents of a kind are started apart") {
  Rules rules = careful();
  rules.agents["talker"].start_gap = 2s;
  Run run({task("A"), task("B"), task("C"), task_by("D", "sh")}, rules);
  CHECK(run.outbox() == std::vector<std::string>{"create_worktree A", "create_worktree D"});
  CHECK(run.why("B") == "waits, as talker agents are started one after the other");
  CHECK(run.why("C") == "waits, as talker agents are started one after the other");
  REQUIRE(run.engine.next_wake() == run.now + 2s);
  run.pass(1s);
  CHECK(run.state_of("B") == TaskState::Waiting);
  run.pass(1s);
  CHECK(run.state_of("B") == TaskState::Preparing);
  CHECK(run.state_of("C") == TaskState::Waiting);
}

TEST_CASE("a run is not over while a start only keeps its distance") {
  Rules rules = careful();
  rules.workers = 1;
  rules.agents["talker"].start_gap = 1h;
  Run run({task("A"), task("B")}, rules);
  run.merge("A");
  run.clean_up("A");
  CHECK(run.record().phase == RunPhase::Running);
  CHECK(run.state_of("B") == TaskState::Waiting);
  run.pass(1h);
  CHECK(run.state_of("B") == TaskState::Preparing);
}

TEST_CASE("two failed starts in a row stop a kind, and use up no attempt") {
  Rules rules = stopping();
  rules.workers = 4;
  Run run({task("A"), task("B"), task("C"), task_by("D", "sh")}, rules);
  run.start("A");
  run.start("B");
  fails_at_start(run, "A");
  CHECK(run.task("A").failures == 0);
  CHECK(run.told("task.trouble").empty());
  fails_at_start(run, "B");
  const std::string why =
      "no more talker agents are started: 2 in a row failed to start: exited with 1 when it "
      "started: Unable to connect; when that is mended, `tmux-orch up` or `tmux-orch retry ";
  CHECK(run.told("task.trouble") == std::vector<std::string>{"B: " + why + "B`"});
  run.pass(10min);
  CHECK(run.state_of("A") == TaskState::Waiting);
  CHECK(run.why("A") == why + "A`");
  CHECK(needs_user(run.state(), run.task("A")));
  CHECK(run.task("A").failures + run.task("A").crashes == 0);
  // Other kinds go on.
  CHECK(run.state_of("D") == TaskState::Preparing);
  SECTION("retry tries the kind again") {
    run.ask(Verb::Retry, "A");
    CHECK(run.state_of("A") == TaskState::Preparing);
    CHECK(run.state_of("B") == TaskState::Preparing);
  }
  SECTION("up tries it again") {
    run.handle(RunResumed{run.record().rules, {task("A"), task("B"), task("C")}});
    CHECK(run.state_of("A") == TaskState::Preparing);
  }
}

TEST_CASE("a run whose only kind is stopped waits for the user") {
  Rules rules = stopping();
  rules.wait_user = 0s;
  Run run({task("A"), task("B")}, rules);
  run.start("A");
  run.start("B");
  fails_at_start(run, "A");
  fails_at_start(run, "B");
  run.pass(10min);
  CHECK(run.record().phase == RunPhase::Finishing);
  run.end<WriteReport>();
  CHECK(run.record().phase == RunPhase::Finished);
  CHECK(exit_status(run.state()) == 4);
}

TEST_CASE("what counts as a failed start") {
  Run run({task("A"), task("B"), task("C")}, stopping());
  run.start("A");
  run.start("B");
  fails_at_start(run, "A");
  SECTION("a program that has called a hook has said nothing of its task") {
    run.handle(hook("B", Activity::Busy));
    fails_at_start(run, "B");
    CHECK(run.task("B").failures == 0);
    CHECK(stop_of_kind(run.state(), run.task("C")) != nullptr);
    return;
  }
  SECTION("not one that worked for a while") {
    fails_at_start(run, "B", 10s);
    CHECK(run.task("B").failures == 1);
  }
  SECTION("not one that has reported") {
    run.says("B", ReportKind::Progress, "half");
    fails_at_start(run, "B");
    CHECK(run.task("B").failures == 1);
  }
  SECTION("not one that has left work") {
    run.exits("B", 1);
    run.end<RescueWork>("B");
    CHECK(run.task("B").failures == 1);
  }
  SECTION("not one that was killed") {
    run.exits("B", 9, ExitKind::Signal);
    run.end<RescueWork>("B", WorkRescued{});
    CHECK(run.task("B").crashes == 1);
  }
  CHECK(run.told("task.trouble").empty());
  CHECK(stop_of_kind(run.state(), run.task("C")) == nullptr);
}

TEST_CASE("a task that alone fails to start is not tried for ever") {
  Run run({task("A"), task("B")}, stopping());
  run.start("B");
  for (int i = 0; i < 20 && !needs_user(run.state(), run.task("A")); ++i) {
    run.pass(10min);
    run.start("A");
    fails_at_start(run, "A");
    run.says("B", ReportKind::Progress, "goes on");
  }
  CHECK(needs_user(run.state(), run.task("A")));
}

TEST_CASE("a P0 whose kind is stopped holds nobody back") {
  Run run({ranked("U", Priority::P0), ranked("V", Priority::P0), task_by("A", "sh")}, stopping());
  run.start("U");
  run.start("V");
  CHECK(run.state_of("A") == TaskState::Waiting);
  fails_at_start(run, "U");
  fails_at_start(run, "V");
  CHECK(run.state_of("A") == TaskState::Preparing);
}

TEST_CASE("where no agent of any kind can be started the run says so, and can be gone on with") {
  Run run({task("A"), task("B"), task("C")}, stopping());
  for (const char* id : {"A", "B"}) {
    run.start(id);
    fails_at_start(run, id);
  }
  if (run.in_flight<CreateWorktree>("C") != nullptr) {
    run.start("C");
    fails_at_start(run, "C");
  }
  run.pass(1h);
  CHECK(run.told("run.critical").size() == 1);
  CHECK(run.told("run.critical").front().find("no agent of any kind can be started") !=
        std::string::npos);
  run.handle(RunResumed{stopping(), {task("A"), task("B"), task("C")}});
  run.pass(1h);
  CHECK(run.in_flight<CreateWorktree>("A") != nullptr);
}
