// Turns that end in an error that passes by itself.
#include "run.hpp"

using namespace orch;
using namespace orch::test;

namespace {

AgentSeen failed(const std::string& task, TurnError error = TurnError::Overloaded,
                 Span opens_in = 0s) {
  return {.task = TaskId{task},
          .attempt = 1,
          .activity = Activity::Failed,
          .evidence = "API Error: 529",
          .error = error,
          .opens_in = opens_in};
}

AgentSeen seen(const std::string& task, Activity activity) {
  return {.task = TaskId{task}, .attempt = 1, .activity = activity};
}

Rules rules() {
  Rules rules = plain_rules();
  rules.workers = 4;
  rules.continue_after = {1min, 5min};
  return rules;
}

/// Agents of one kind, at work.
Run talking(const std::vector<std::string>& ids, Rules given = rules()) {
  std::vector<TaskSpec> tasks;
  for (const std::string& id : ids)
    tasks.push_back(task_by(id, "talker"));
  Run run(std::move(tasks), std::move(given));
  for (const std::string& id : ids)
    if (run.in_flight<CreateWorktree>(id) != nullptr) run.start(id);
  return run;
}

bool is_told(const Run& run, const std::string& id) {
  const auto* text = run.in_flight<TypeText>(id);
  return text != nullptr && text->kind == MessageKind::Continue;
}

void wait_until_told(Run& run, const std::string& id) {
  const std::optional<Time> wake = run.engine.next_wake();
  REQUIRE(wake);
  run.pass(*wake - run.now);
  REQUIRE(is_told(run, id));
}

}  // namespace

TEST_CASE(
    "an agent whose turn failed is told to continue after waits that grow, then the user is") {
  Run run = talking({"A"});
  for (const Span wait : {Span(1min), Span(5min)}) {
    run.handle(failed("A"));
    CHECK_FALSE(needs_user(run.state(), run.task("A")));
    CHECK(run.task("A").why.kind == ReasonKind::AgentContinues);
    CHECK(run.engine.next_wake() == run.now + wait);
    run.pass(wait - 1ms);
    CHECK_FALSE(is_told(run, "A"));
    run.pass(1ms);
    CHECK(is_told(run, "A"));
    CHECK_FALSE(needs_user(run.state(), run.task("A")));
    run.end<TypeText>("A", TextTyped{true});
  }
  run.handle(failed("A"));
  CHECK(needs_user(run.state(), run.task("A")));
  CHECK(run.task("A").why.kind == ReasonKind::AgentTurnFailed);
  CHECK(run.told("task.continued").size() == 2);
  CHECK(run.task("A").attempts == 1);
}

TEST_CASE("the time limit of a task stands still while its agent waits to continue") {
  Run run = talking({"A"});
  run.handle(failed("A"));
  CHECK_FALSE(run.agent("A").busy_since);
  wait_until_told(run, "A");
  run.end<TypeText>("A", TextTyped{true});
  CHECK(run.agent("A").busy_since == run.now);
}

TEST_CASE("what does not pass by itself is the user's at once") {
  const TurnError error = GENERATE(TurnError::Other, TurnError::Quota, TurnError::SignIn,
                                   TurnError::Refused, TurnError::Malformed);
  Run run = talking({"A"});
  run.handle(failed("A", error));
  CHECK(needs_user(run.state(), run.task("A")));
  run.pass(1h);
  CHECK_FALSE(is_told(run, "A"));
}

TEST_CASE("an agent that goes on by itself is told nothing") {
  Run run = talking({"A"});
  run.handle(failed("A"));
  run.handle(seen("A", Activity::Busy));
  run.pass(1h);
  CHECK_FALSE(is_told(run, "A"));
}

TEST_CASE("nothing is typed for an agent that the user has taken over") {
  Run run = talking({"A"});
  run.handle(failed("A"));
  run.handle(ControlSeen{TaskId{"A"}, 1, Control::User});
  run.pass(2min);
  CHECK_FALSE(is_told(run, "A"));
  run.handle(ControlSeen{TaskId{"A"}, 1, Control::Ours});
  CHECK(is_told(run, "A"));
}

TEST_CASE("as many texts are typed for a task as the limit says") {
  Rules given = rules();
  given.auto_texts = 1;
  Run run = talking({"A"}, given);
  run.handle(failed("A"));
  wait_until_told(run, "A");
  run.end<TypeText>("A", TextTyped{true});
  SECTION("to continue") {
    run.handle(failed("A"));
    CHECK(run.why("A").find("it was told to go on 1 times without you") != std::string::npos);
  }
  SECTION("reminders count as well") {
    run.handle(seen("A", Activity::Idle));
  }
  CHECK(needs_user(run.state(), run.task("A")));
  run.pass(1h);
  CHECK(run.in_flight<TypeText>("A") == nullptr);
}

TEST_CASE("two of a kind that fail together pause it, and one alone tries") {
  Run run = talking({"A", "B", "C"});
  run.handle(failed("A"));
  CHECK(run.told("kind.paused").empty());
  run.pass(10s);
  run.handle(failed("B"));
  CHECK(run.told("kind.paused").size() == 1);
  run.pass(5s);
  run.handle(failed("C"));
  run.pass(60s);
  CHECK(is_told(run, "A"));
  run.end<TypeText>("A", TextTyped{true});
  run.pass(2min);
  CHECK_FALSE(is_told(run, "B"));
  CHECK_FALSE(is_told(run, "C"));
  SECTION("it has an answer, and the others follow one after the other") {
    const bool reports = GENERATE(true, false);
    if (reports) run.says("A", ReportKind::Progress, "halfway");
    if (!reports) run.handle(seen("A", Activity::Idle));
    CHECK(run.told("kind.resumed").size() == 1);
    run.pass(2s);
    CHECK(is_told(run, "B"));
    CHECK_FALSE(is_told(run, "C"));
    run.pass(2s);
    CHECK(is_told(run, "C"));
  }
  SECTION("it is at work for longer than its program tries by itself") {
    run.pass(2min);
    CHECK(run.told("kind.resumed").size() == 1);
  }
  SECTION("it fails again, and all wait for longer") {
    run.handle(failed("A"));
    run.pass(5min - 1ms);
    CHECK_FALSE(is_told(run, "B"));
    run.pass(1ms);
    CHECK(is_told(run, "A"));
    CHECK_FALSE(is_told(run, "B"));
  }
  SECTION("it ends, and another one tries") {
    run.exits("A", 1);
    run.pass(1ms);
    CHECK(is_told(run, "B"));
    CHECK_FALSE(is_told(run, "C"));
  }
}

TEST_CASE("a limit pauses the kind until it opens, and nothing is started meanwhile") {
  Rules given = rules();
  given.workers = 1;
  Run run = talking({"A", "B"}, given);
  run.handle(failed("A", TurnError::RateLimit, 2h));
  CHECK(run.told("kind.paused").size() == 1);
  run.pass(2h - 1ms);
  CHECK_FALSE(is_told(run, "A"));
  run.pass(1ms);
  CHECK(is_told(run, "A"));
}

TEST_CASE("a kind that is paused has no agent started before it opens") {
  Run run({task_by("A", "talker"), task_by("B", "talker"), task_by("C", "sh")}, [] {
    Rules given = rules();
    given.workers = 1;
    return given;
  }());
  run.start("A");
  run.handle(failed("A", TurnError::RateLimit, 1h));
  run.ask(Verb::Abort, "A");
  run.end<StopAgent>("A");
  run.end<RescueWork>("A");
  CHECK(run.state_of("A") == TaskState::Aborted);
  CHECK(run.state_of("B") == TaskState::Waiting);
  CHECK(WaitingReasons(run.state()).of(run.task("B")).kind == ReasonKind::KindPaused);
  CHECK(run.in_flight<CreateWorktree>("C") != nullptr);
  CHECK(run.state().run.phase == RunPhase::Running);
}

namespace {

AgentSeen hangs() {
  AgentSeen event = seen("A", Activity::Busy);
  event.stalled = true;
  return event;
}

Rules interrupting() {
  Rules given = rules();
  given.agents["talker"].interrupt_after = 5min;
  return given;
}

}  // namespace

TEST_CASE(
    "a turn that hangs is ended and its agent told to continue, twice, and then the user is "
    "asked") {
  Run run = talking({"A"}, interrupting());
  for (int i = 0; i < kInterrupts; ++i) {
    run.handle(hangs());
    run.pass(5min - 1ms);
    CHECK(run.in_flight<InterruptTurn>("A") == nullptr);
    run.pass(1ms);
    CHECK(run.effect<InterruptTurn>("A").number == i + 1);
    CHECK_FALSE(is_told(run, "A"));
    run.end<InterruptTurn>("A");
    CHECK(is_told(run, "A"));
    run.end<TypeText>("A", TextTyped{true});
  }
  run.handle(hangs());
  run.pass(10min);
  CHECK(run.in_flight<InterruptTurn>("A") == nullptr);
  CHECK(run.told("task.interrupted").size() == kInterrupts);
  CHECK(run.task("A").why.kind == ReasonKind::TurnsHang);
  CHECK(needs_user(run.state(), run.task("A")));
  run.ask(Verb::Release, "A");
  CHECK(run.state_of("A") == TaskState::Running);
  CHECK(run.in_flight<InterruptTurn>("A") != nullptr);
}

TEST_CASE("an agent whose prompt was sent once more is told nothing besides") {
  Run run = talking({"A"}, interrupting());
  run.handle(hangs());
  run.pass(5min);
  run.end<InterruptTurn>("A", TurnEnded{.put_back = true});
  CHECK(run.agent("A").turn.activity == Activity::Busy);
  CHECK(run.messages("A").empty());
  CHECK(run.task("A").auto_texts == 1);
}

TEST_CASE("where a turn was ended is no error that the user is told of") {
  Run run = talking({"A"}, interrupting());
  run.handle(hangs());
  run.pass(5min);
  run.end<InterruptTurn>("A", TurnEnded{});
  run.handle(seen("A", Activity::Failed));
  CHECK(run.told("task.turn-failed").empty());
  CHECK(is_told(run, "A"));
}

TEST_CASE("a turn that gets on again, or that the user watches, is not ended") {
  Run run = talking({"A"}, interrupting());
  run.handle(hangs());
  SECTION("it gets on") {
    run.handle(seen("A", Activity::Busy));
  }
  SECTION("the user types") {
    run.handle(ControlSeen{TaskId{"A"}, 1, Control::User});
  }
  SECTION("it is held") {
    run.ask(Verb::Hold, "A");
  }
  run.pass(10min);
  CHECK(run.in_flight<InterruptTurn>("A") == nullptr);
}

TEST_CASE("an interrupt that cannot be given is told, and tried once more after as long again") {
  Run run = talking({"A"}, interrupting());
  run.handle(hangs());
  run.pass(5min);
  run.end<InterruptTurn>("A", NotDone{"its screen shows: permission"});
  CHECK(run.told("task.trouble").size() == 1);
  CHECK(run.in_flight<InterruptTurn>("A") == nullptr);
  run.pass(5min);
  CHECK(run.in_flight<InterruptTurn>("A") != nullptr);
}

TEST_CASE("a prompt that its program has forgotten is typed once more until an answer has come") {
  Rules given = rules();
  given.agents["talker"].forgets_prompt = true;
  Run run = talking({"A"}, given);
  run.handle(failed("A"));
  run.pass(1min);
  CHECK(run.effect<TypeText>("A").kind == MessageKind::Prompt);
  run.end<TypeText>("A", TextTyped{true});
  run.handle(AgentUsed{TaskId{"A"}, 1, "/log", {.models = {{"m", {.input = 1}}}}});
  run.handle(failed("A"));
  run.pass(5min);
  CHECK(run.effect<TypeText>("A").kind == MessageKind::Continue);
}
