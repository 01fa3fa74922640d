// The conversation of an agent's program, from one attempt to the next.
#include "run.hpp"

#include <fmt/format.h>

using namespace orch;
using namespace orch::test;

namespace {

const TaskId kA{"A"};

/// A task of an agent that keeps its worktree, at work in the conversation `offered`.
Run resuming(const std::string& offered, int attempts = 5) {
  Rules rules = plain_rules();
  rules.attempts = attempts;
  Run run({task_by("A", "resumer")}, std::move(rules));
  run.end<CreateWorktree>("A");
  AgentStarted started{"@1", "%1", 42};
  started.session = offered;
  run.end<StartAgent>("A", started);
  return run;
}

/// The next attempt: what its agent is started with.
std::string next(Run& run) {
  run.pass(10min);
  run.end<CreateWorktree>("A");
  const std::string resume = run.effect<StartAgent>("A").resume;
  AgentStarted started{"@1", "%1", 42};
  started.session = resume.empty() ? "another" : resume;
  run.end<StartAgent>("A", started);
  return resume;
}

void is_seen(Run& run, Activity activity, std::string_view kind = {},
             TurnError error = TurnError::Other) {
  AgentSeen seen;
  seen.task = kA;
  seen.attempt = run.task("A").attempts;
  seen.activity = activity;
  seen.kind = kind;
  seen.error = error;
  run.handle(seen);
}

void names(Run& run, const std::string& session, bool replaces = false) {
  static int calls = 0;
  AgentReported call;
  call.id = fmt::format("h{}", ++calls);
  call.task = kA;
  call.attempt = run.task("A").attempts;
  call.kind = ReportKind::Hook;
  call.hook.session = session;
  call.hook.replaces = replaces;
  run.handle(call);
}

}  // namespace

TEST_CASE("an attempt goes on with a conversation that is known to be there") {
  Run run = resuming("3f1c");
  SECTION("as it was seen at work") {
    is_seen(run, Activity::Busy);
    run.fail("A");
    CHECK(next(run) == "3f1c");
    CHECK(run.agent("A").resumed);
  }
  SECTION("as its own program said") {
    names(run, "own");
    run.fail("A");
    CHECK(next(run) == "own");
  }
  SECTION("as it got to work, where nothing else was seen of it") {
    run.fail("A");
    CHECK(next(run) == "3f1c");
  }
}

TEST_CASE("a conversation that failed twice is not gone on with again") {
  Run run = resuming("3f1c");
  is_seen(run, Activity::Busy);
  run.fail("A");
  CHECK(next(run) == "3f1c");
  is_seen(run, Activity::Busy);
  run.fail("A");
  CHECK(next(run).empty());
  is_seen(run, Activity::Busy);
  run.fail("A");
  CHECK(next(run) == "another");
}

TEST_CASE("one that could not be gone on with is not tried again") {
  Run run = resuming("3f1c");
  is_seen(run, Activity::Busy);
  run.fail("A");
  CHECK(next(run) == "3f1c");
  run.fail("A");
  CHECK(next(run).empty());
}

TEST_CASE("of a start that failed there is no conversation") {
  Rules rules = plain_rules();
  rules.agents["resumer"].failed_start = 10s;
  Run run({task_by("A", "resumer")}, std::move(rules));
  run.end<CreateWorktree>("A");
  AgentStarted started{"@1", "%1", 42};
  started.session = "3f1c";
  run.end<StartAgent>("A", started);
  run.exits("A", 1);
  run.end<RescueWork>("A", WorkRescued{});
  CHECK(next(run).empty());
}

TEST_CASE("in another worktree a new conversation begins") {
  Run run = resuming("3f1c");
  is_seen(run, Activity::Busy);
  run.fail("A");
  run.pass(10min);
  run.end<CreateWorktree>("A", WorktreeReady{"elsewhere", "branch", CommitId{"start"}});
  CHECK(run.effect<StartAgent>("A").resume.empty());
}

TEST_CASE("whoever starts a task again wants a new conversation") {
  Run run = resuming("3f1c", 1);
  is_seen(run, Activity::Busy);
  run.fail("A");
  CHECK(run.state_of("A") == TaskState::Failed);
  run.ask(Verb::Retry, "A");
  if (run.in_flight<RescueWork>("A") != nullptr) run.end<RescueWork>("A");
  CHECK(next(run) == "");
}

TEST_CASE("what its own program names first is its conversation") {
  Run run = resuming("3f1c");
  names(run, "own");
  SECTION("whatever a program that it runs says later") {
    names(run, "nested");
  }
  SECTION("and what is no id is nothing") {
    names(run, "--last", true);
  }
  CHECK(run.agent("A").session == "own");
  names(run, "cleared", true);
  CHECK(run.agent("A").session == "cleared");
}

TEST_CASE("nobody goes on with the conversation of another task") {
  Rules rules = plain_rules();
  Run run({task_by("A", "resumer"), task_by("B", "resumer")}, std::move(rules));
  for (const char* id : {"A", "B"}) {
    run.end<CreateWorktree>(id);
    AgentStarted started{"@1", "%1", 42};
    started.session = std::string("of-") + id;
    run.end<StartAgent>(id, started);
  }
  names(run, "of-B");
  CHECK(run.agent("A").session.empty());
}

TEST_CASE("a conversation that its program does not know is left at once, and for nothing else") {
  Rules rules = plain_rules();
  rules.attempts = 2;
  rules.agents["resumer"].failed_start = 10s;
  Run run({task_by("A", "resumer")}, std::move(rules));
  run.end<CreateWorktree>("A");
  AgentStarted started{"@1", "%1", 42};
  started.session = "3f1c";
  run.end<StartAgent>("A", started);
  is_seen(run, Activity::Busy);
  run.exits("A", 9, ExitKind::Signal);
  run.end<RescueWork>("A", WorkRescued{"refs/orch/rescue/A/1"});
  CHECK(next(run) == "3f1c");
  SECTION("it ends at once") {
    AgentExited refused{kA, 2, ExitKind::Code, 1, ""};
    refused.last_words = "No conversation found";
    run.handle(refused);
    run.end<RescueWork>("A", WorkRescued{"refs/orch/rescue/A/2"});
    CHECK(run.task("A").ending_why.text == "No conversation found");
    run.pass(10min);
    run.end<CreateWorktree>("A");
    const StartAgent& start = run.effect<StartAgent>("A");
    CHECK(start.resume.empty());
    CHECK(start.last_failure.kind == ReasonKind::Signal);
    run.end<StartAgent>("A", started);
    CHECK(run.task("A").failures + run.task("A").crashes == 1);
    const auto& kinds = run.state().run.kinds;
    CHECK((!kinds.contains("resumer") || kinds.at("resumer").failed_starts == 0));
    // Once: what ends at once without one is a failed start.
    run.exits("A", 1);
    CHECK(run.task("A").ending == Ending::FailedStart);
  }
  SECTION("it has been at work before") {
    is_seen(run, Activity::Busy);
    run.exits("A", 1);
    CHECK(run.task("A").ending_why.kind != ReasonKind::SessionRefused);
  }
  SECTION("it ends later") {
    run.pass(10s);
    run.exits("A", 1);
    CHECK(run.task("A").ending == Ending::Failed);
  }
}

TEST_CASE("a conversation that is full ends the attempt, and the next one begins another") {
  Run run = resuming("3f1c");
  is_seen(run, Activity::Busy);
  is_seen(run, Activity::Failed, {}, TurnError::ContextFull);
  CHECK(run.task("A").failures == 1);
  CHECK(run.task("A").ending_why.kind == ReasonKind::ContextFull);
  run.end<StopAgent>("A");
  run.end<RescueWork>("A");
  CHECK(next(run).empty());
}

TEST_CASE("a conversation that is full stays with a user who has the window") {
  Run run = resuming("3f1c");
  is_seen(run, Activity::Busy);
  run.handle(ControlSeen{kA, 1, Control::User});
  is_seen(run, Activity::Failed, {}, TurnError::ContextFull);
  CHECK(run.state_of("A") == TaskState::Running);
  SECTION("who makes room in it") {
    is_seen(run, Activity::Busy);
    run.handle(ControlSeen{kA, 1, Control::Ours});
    run.fail("A");
    CHECK(next(run) == "3f1c");
  }
  SECTION("and is not gone on with") {
    run.fail("A");
    CHECK(next(run).empty());
  }
  SECTION("until they leave it") {
    run.handle(ControlSeen{kA, 1, Control::Ours});
    CHECK(run.in_flight<StopAgent>("A") != nullptr);
  }
}

TEST_CASE("an id of a conversation is a plain word") {
  CHECK(is_session_id("019f-aa_B"));
  for (const char* id : {"", "-x", "_x", "a b", "a/b", "a.b", "$(x)", "é", "a\n"}) {
    INFO(id);
    CHECK_FALSE(is_session_id(id));
  }
  CHECK(is_session_id(std::string(80, 'a')));
  CHECK_FALSE(is_session_id(std::string(81, 'a')));
}
