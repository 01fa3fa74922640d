// The life of an attempt: how it ends, what counts, what is saved.
#include "run.hpp"

using namespace orch;
using namespace orch::test;

namespace {

/// A task that says when it is done, at work.
Run talking(Rules rules = plain_rules()) {
  Run run({task_by("A", "talker"), task("B", {"A"})}, std::move(rules));
  run.start("A");
  return run;
}

}  // namespace

TEST_CASE("a task is given up after its attempts, and the others go on") {
  Run run({task("A"), task("B", {"A"}), task("C", {"B"}), task("D")});
  for (int attempt = 1; attempt <= 3; ++attempt) {
    CHECK(run.task("A").attempts == attempt);
    run.start("A");
    run.exits("A", 2);
    CHECK(run.effect<RescueWork>("A").attempt == attempt);
    run.end<RescueWork>("A", WorkRescued{"refs/orch/rescue/A/" + std::to_string(attempt)});
    run.pass(10s);
  }
  CHECK(run.state_of("A") == TaskState::Failed);
  CHECK(run.why("A") == "exited with 2 (attempt 3)");
  CHECK(run.task("A").rescues.size() == 3);
  CHECK(run.state_of("B") == TaskState::Unreachable);
  CHECK(run.why("B") == "needs A, which is failed");
  CHECK(run.state_of("C") == TaskState::Unreachable);
  CHECK(run.state_of("D") == TaskState::Preparing);
}

TEST_CASE("a retry takes the earlier files away only after they are saved") {
  Run run({task("A")});
  run.start("A");
  run.exits("A", 1);
  CHECK(run.outbox() == std::vector<std::string>{"rescue_work A"});
  run.end<RescueWork>("A");
  run.pass(10s);
  CHECK(run.effect<CreateWorktree>("A").fresh);
}

TEST_CASE("an agent that resumes goes on in its worktree") {
  Run run({task_by("A", "resumer")});
  run.start("A");
  run.fail("A");
  run.pass(10s);
  const CreateWorktree& again = run.effect<CreateWorktree>("A");
  CHECK_FALSE(again.fresh);
  CHECK(again.began == CommitId{"start"});
  run.end<CreateWorktree>("A");
  CHECK(ui::sentence(run.effect<StartAgent>("A").last_failure) == "exited with 1");
}

TEST_CASE("a next try is delayed, longer each time, and not for ever") {
  Rules rules = plain_rules();
  rules.attempts = rules.auto_restarts = 20;
  Run run({task("A")}, rules);
  Span last{0};
  for (int i = 0; i < 15; ++i) {
    run.start("A");
    run.fail("A");
    const Span delay = *run.task("A").not_before - run.now;
    CHECK(run.engine.next_wake() == run.task("A").not_before);
    CHECK(delay >= last / 2);
    CHECK(delay <= 5min + 75s);
    run.pass(delay - 1ms);
    CHECK(run.state_of("A") == TaskState::Waiting);
    run.pass(1ms);
    CHECK(run.state_of("A") == TaskState::Preparing);
    last = delay;
  }
  CHECK(last >= 3min);
}

TEST_CASE("crashes, failures and restarts are counted apart") {
  Run run({task("A")});
  run.start("A");
  run.exits("A", 9, ExitKind::Signal);
  run.end<RescueWork>("A");
  run.pass(10s);
  run.start("A");
  run.exits("A", 1);
  run.end<RescueWork>("A");
  run.pass(10s);
  run.start("A");
  run.exits("A", 0, ExitKind::Hangup);
  run.end<RescueWork>("A");
  CHECK(run.task("A").crashes == 1);
  CHECK(run.task("A").failures == 1);
  CHECK(run.task("A").restarts == 1);
  CHECK(run.state_of("A") == TaskState::Waiting);
}

TEST_CASE("what an agent has left is ended before its work is touched") {
  Run run = talking();
  SECTION("as its shim was killed") {
    run.exits("A", 0, ExitKind::Lost);
    CHECK(run.outbox() == std::vector<std::string>{"stop_agent A"});
    run.end<StopAgent>("A");
    CHECK(run.outbox() == std::vector<std::string>{"rescue_work A"});
    CHECK(run.task("A").crashes == 1);
  }
  SECTION("also where it was done, once it is to begin anew") {
    run.says("A", ReportKind::Done);
    run.end<CollectWork>("A", WorkCollected{CommitId{"work"}, true, {}});
    run.exits("A", 0, ExitKind::Lost);
    run.ask(Verb::Retry, "A");
    run.end<PrepareLanding>("A", NotDone{"a fault", {}, false});
    CHECK(run.outbox() == std::vector<std::string>{"stop_agent A"});
  }
  SECTION("and nothing is left where the shim has ended it") {
    run.exits("A", 9, ExitKind::Signal);
    CHECK(run.outbox() == std::vector<std::string>{"rescue_work A"});
  }
}

TEST_CASE("a start that fails for a passing reason uses up no attempt, and is left in the end") {
  Run run({task("A")});
  run.end_in_vain<CreateWorktree>("A", NotDone{"index.lock exists", "remove it", true});
  CHECK(run.task("A").failures == 0);
  CHECK(run.task("A").attempts == 1);
  CHECK(run.state_of("A") == TaskState::Blocked);
  CHECK(run.why("A") == "index.lock exists; remove it; then `tmux-orch retry A`");
}

TEST_CASE("what trying again cannot help is left to the user at once") {
  Run run({task("A")});
  run.end<CreateWorktree>("A");
  run.end<StartAgent>("A", NotDone{"there is no command pi", {}, false});
  run.end<StopAgent>("A");
  run.end<RescueWork>("A", WorkRescued{});
  CHECK(run.state_of("A") == TaskState::Blocked);
  CHECK(run.task("A").rescues.empty());
}

TEST_CASE("an agent whose start was not confirmed is ended before another is started") {
  Run run({task("A")});
  run.end<CreateWorktree>("A");
  run.end<StartAgent>("A", NotDone{"tmux did not answer", {}, true});
  CHECK(run.outbox() == std::vector<std::string>{"start_agent A"});
  run.ask(Verb::Retry, "A");
  CHECK(run.outbox() == std::vector<std::string>{"stop_agent A"});
}

TEST_CASE("a window that is closed again and again is left in the end") {
  Run run({task("A")});
  int starts = 0;
  while (run.in_flight<CreateWorktree>("A") != nullptr) {
    run.start("A");
    ++starts;
    run.exits("A", 0, ExitKind::Hangup);
    run.end<RescueWork>("A");
    run.pass(10min);
  }
  CHECK(starts == 1 + plain_rules().auto_restarts);
  CHECK(run.task("A").failures == 0);
  CHECK(needs_user(run.state(), run.task("A")));
}

TEST_CASE("an agent that ends without a word has failed") {
  Run run = talking();
  run.exits("A", 0);
  run.end<RescueWork>("A");
  CHECK(run.told("task.retried") ==
        std::vector<std::string>{"A: ended without saying done; tried again"});
}

TEST_CASE("a script that changes nothing is done") {
  Run run({task("A")});
  run.start("A");
  run.exits("A", 0);
  run.end<CollectWork>("A", WorkCollected{CommitId{"start"}, false, {}});
  CHECK(run.state_of("A") == TaskState::Landing);
}

TEST_CASE("looking at finished work is tried again without its agent") {
  Run run = talking();
  run.says("A", ReportKind::Done);
  run.end_in_vain<CollectWork>("A", NotDone{"index.lock exists", {}, true});
  run.end<StopAgent>("A");
  run.end<RescueWork>("A");
  CHECK(run.state_of("A") == TaskState::Blocked);
}

TEST_CASE("a task that takes too long is ended and its work is saved") {
  Rules rules = plain_rules();
  rules.task_timeout = 30min;
  Run run = talking(rules);
  CHECK(run.engine.next_wake() == run.now + 30min);
  run.pass(30min - 1ms);
  CHECK(run.state_of("A") == TaskState::Running);
  run.pass(1ms);
  CHECK(run.in_flight<StopAgent>("A") != nullptr);
  run.end<StopAgent>("A");
  run.end<RescueWork>("A", WorkRescued{"refs/orch/rescue/A/1"});
  CHECK(run.told("task.saved") ==
        std::vector<std::string>{"A: its work is kept as refs/orch/rescue/A/1"});
  CHECK(run.told("task.retried") ==
        std::vector<std::string>{"A: ran into its time limit of 30m 00s; tried again"});
  CHECK(run.task("A").worked == 30min);
}

TEST_CASE("a task may have a time limit of its own") {
  TaskSpec spec = task("A");
  spec.timeout = 2min;
  Run run({spec});
  run.start("A");
  CHECK(run.engine.next_wake() == run.now + 2min);
}

TEST_CASE("only busy time counts to the limit") {
  Run run = talking();
  run.pass(10min);
  SECTION("not held time") {
    run.ask(Verb::Hold, "A");
    CHECK_FALSE(run.engine.next_wake().has_value());
    run.pass(5h);
    run.ask(Verb::Release, "A");
  }
  SECTION("not blocked time") {
    run.says("A", ReportKind::Blocked, "no key");
    run.pass(5h);
    run.ask(Verb::Release, "A");
  }
  CHECK(run.state_of("A") == TaskState::Running);
  CHECK(run.engine.next_wake() == run.now + 20min);
  run.pass(20min);
  CHECK(run.in_flight<StopAgent>("A") != nullptr);
}

TEST_CASE("an exit counts once") {
  Run run = talking();
  run.exits("A", 1);
  run.exits("A", 1);
  CHECK(run.task("A").failures == 1);
}

TEST_CASE("work that cannot be saved is never taken away") {
  Run run({task("A")});
  run.start("A");
  run.exits("A", 1);
  SECTION("trying again may help") {
    run.end<RescueWork>("A", NotDone{"index.lock exists", {}, true});
    CHECK(run.outbox() == std::vector<std::string>{"rescue_work A"});
  }
  SECTION("otherwise the user looks") {
    run.end<RescueWork>("A", NotDone{"the disk is full", {}, false});
    CHECK(run.state_of("A") == TaskState::Blocked);
    CHECK(run.why("A") ==
          "its work could not be saved: the disk is full; then `tmux-orch retry A`");
  }
}

TEST_CASE("beside an agent that cannot be stopped no other is started") {
  Run run = talking();
  run.pass(30min);
  run.end<StopAgent>("A", NotDone{"busy", {}, true});
  CHECK(run.outbox() == std::vector<std::string>{"stop_agent A"});
  run.pass(2s);
  run.end<StopAgent>("A", NotDone{"process 7 does not end", {}, false});
  run.end<RescueWork>("A");
  CHECK(run.state_of("A") == TaskState::Blocked);
  CHECK(run.why("A") == "its agent cannot be stopped: process 7 does not end");
}

TEST_CASE("an edit of the kind of agent does not change the rules for the one at work") {
  Run run({task("A")});
  run.start("A");
  run.handle(TasksChanged{{task_by("A", "talker")}});
  run.exits("A", 0);
  CHECK(run.state_of("A") == TaskState::Checking);
  CHECK(run.effect<CollectWork>("A").commit);
}
