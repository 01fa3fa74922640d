// What agents may use before the user is asked, and what becomes of them then.
#include "run.hpp"

using namespace orch;
using namespace orch::test;

namespace {

constexpr std::int64_t kDollar = 1'000'000;

Rules rules(Budget of_task, Budget of_run = {}) {
  Rules rules = plain_rules();
  rules.workers = 2;
  rules.attempts = 9;
  rules.task_budget = of_task;
  rules.run_budget = of_run;
  rules.agents["talker"].interruptible = true;
  return rules;
}

Run talking(const std::vector<std::string>& ids, Rules given) {
  std::vector<TaskSpec> tasks;
  for (const std::string& id : ids)
    tasks.push_back(task_by(id, "talker"));
  Run run(std::move(tasks), std::move(given));
  for (const std::string& id : ids)
    if (run.in_flight<CreateWorktree>(id) != nullptr) run.start(id);
  return run;
}

void cost(Run& run, const std::string& id, std::int64_t amount) {
  run.handle(AgentUsed{TaskId{id},
                       run.task(id).attempts,
                       "/log/" + id,
                       {.models = {{"m", {amount, 1}}}, .cost = amount}});
}

void see(Run& run, const std::string& id, Activity activity) {
  run.handle(AgentSeen{.task = TaskId{id}, .attempt = run.task(id).attempts, .activity = activity});
}

bool is_told(const Run& run, const std::string& id) {
  return run.in_flight<TypeText>(id) != nullptr;
}

ReasonKind why(const Run& run, const std::string& id) {
  return run.task(id).why.kind;
}

}  // namespace

TEST_CASE("a turn is ended when the task has cost what it may, and the user is asked") {
  Run run = talking({"A"}, rules({.cost = 5 * kDollar}));
  cost(run, "A", 5 * kDollar - 1);
  CHECK(run.task("A").state == TaskState::Running);
  cost(run, "A", 5 * kDollar);
  CHECK(run.task("A").state == TaskState::Blocked);
  CHECK(why(run, "A") == ReasonKind::TaskCost);
  CHECK(run.task("A").why.number == 5 * kDollar);
  CHECK(needs_user(run.state(), run.task("A")));
  CHECK(run.told("task.blocked").size() == 1);
  run.end<InterruptTurn>("A");
  see(run, "A", Activity::Idle);
  run.pass(1h);
  CHECK_FALSE(is_told(run, "A"));
  CHECK_FALSE(run.agent("A").busy_since);
}

TEST_CASE("an agent that does not end its turn is asked to again, but not with each figure") {
  Run run = talking({"A"}, rules({.cost = kDollar}));
  cost(run, "A", kDollar);
  run.end<InterruptTurn>("A");
  see(run, "A", Activity::Busy);
  cost(run, "A", kDollar + 1);
  CHECK(run.in_flight<InterruptTurn>("A") == nullptr);
  run.pass(1min);
  cost(run, "A", kDollar + 2);
  CHECK(run.in_flight<InterruptTurn>("A") != nullptr);
}

TEST_CASE("a release lets the task use as much again, and its agent goes on where it was") {
  Run run = talking({"A"}, rules({.cost = 5 * kDollar}));
  cost(run, "A", 6 * kDollar);
  run.end<InterruptTurn>("A");
  see(run, "A", Activity::Idle);
  run.ask(Verb::Release, "A");
  CHECK(run.task("A").state == TaskState::Running);
  CHECK(is_told(run, "A"));
  run.end<TypeText>("A", TextTyped{true});
  cost(run, "A", 11 * kDollar - 1);
  CHECK(run.task("A").state == TaskState::Running);
  cost(run, "A", 11 * kDollar);
  CHECK(run.task("A").state == TaskState::Blocked);
  CHECK(run.task("A").attempts == 1);
}

TEST_CASE(
    "a release while its turn is being ended keeps the agent, which is told once that is over") {
  Run run = talking({"A"}, rules({.cost = 5 * kDollar}));
  cost(run, "A", 5 * kDollar);
  run.ask(Verb::Release, "A");
  CHECK(run.task("A").state == TaskState::Running);
  CHECK_FALSE(is_told(run, "A"));
  run.end<InterruptTurn>("A");
  see(run, "A", Activity::Idle);
  CHECK(is_told(run, "A"));
  CHECK(run.task("A").attempts == 1);
}

TEST_CASE(
    "a turn whose text its program puts back is not sent again, but left to the next attempt") {
  Run run = talking({"A"}, rules({.cost = 5 * kDollar}));
  cost(run, "A", 5 * kDollar);
  CHECK_FALSE(run.effect<InterruptTurn>("A").resend);
  SECTION("released afterwards") {
    run.end<InterruptTurn>("A", TurnEnded{.put_back = true});
    see(run, "A", Activity::Idle);
    CHECK(run.agent("A").turn.put_back);
    run.ask(Verb::Release, "A");
  }
  SECTION("released while it is being ended") {
    run.ask(Verb::Release, "A");
    run.end<InterruptTurn>("A", TurnEnded{.put_back = true});
  }
  CHECK_FALSE(is_told(run, "A"));
  CHECK(run.in_flight<StopAgent>("A") != nullptr);
}

TEST_CASE("who sends the text that was put back has the agent go on in its attempt") {
  Run run = talking({"A"}, rules({.cost = 5 * kDollar}));
  cost(run, "A", 5 * kDollar);
  run.end<InterruptTurn>("A", TurnEnded{.put_back = true});
  see(run, "A", Activity::Busy);
  see(run, "A", Activity::Idle);
  run.ask(Verb::Release, "A");
  CHECK(run.task("A").state == TaskState::Running);
  CHECK(run.task("A").attempts == 1);
}

TEST_CASE("what is done lands, whatever it has cost") {
  Run run = talking({"A"}, rules({.cost = kDollar}));
  run.says("A", ReportKind::Done, "it works");
  cost(run, "A", 2 * kDollar);
  CHECK(run.task("A").state == TaskState::Checking);
}

TEST_CASE("an agent that was stopped by its budget may still say that it is done") {
  Run run = talking({"A"}, rules({.cost = kDollar}));
  cost(run, "A", kDollar);
  run.end<InterruptTurn>("A");
  run.says("A", ReportKind::Done, "it works");
  CHECK(run.task("A").state == TaskState::Checking);
}

TEST_CASE("a turn of a window that the user has is not ended") {
  Run run = talking({"A"}, rules({.cost = kDollar}));
  run.handle(ControlSeen{TaskId{"A"}, 1, Control::User});
  cost(run, "A", kDollar);
  CHECK(run.task("A").state == TaskState::Running);
  CHECK(run.in_flight<InterruptTurn>("A") == nullptr);
  run.handle(ControlSeen{TaskId{"A"}, 1, Control::Ours});
  see(run, "A", Activity::Idle);
  CHECK(why(run, "A") == ReasonKind::TaskCost);
}

TEST_CASE("of turns the last one is done to its end, and no other begun") {
  Run run = talking({"A"}, rules({.turns = 2}));
  CHECK(run.task("A").spent.turns == 1);
  see(run, "A", Activity::Idle);
  REQUIRE(is_told(run, "A"));
  run.end<TypeText>("A", TextTyped{true});
  CHECK(run.task("A").spent.turns == 2);
  see(run, "A", Activity::Busy);
  CHECK(run.task("A").state == TaskState::Running);
  see(run, "A", Activity::Idle);
  CHECK_FALSE(is_told(run, "A"));
  CHECK(why(run, "A") == ReasonKind::TaskTurns);
  CHECK(needs_user(run.state(), run.task("A")));
}

TEST_CASE("no further attempt begins of a task that has used what it may") {
  Run run = talking({"A"}, rules({.turns = 1}));
  run.fail("A");
  run.pass(10min);
  CHECK(run.in_flight<CreateWorktree>("A") == nullptr);
  CHECK(run.task("A").state == TaskState::Waiting);
  CHECK(needs_user(run.state(), run.task("A")));
  CHECK(WaitingReasons(run.state()).of(run.task("A")).kind == ReasonKind::TaskTurns);
  run.ask(Verb::Release, "A");
  CHECK(run.in_flight<CreateWorktree>("A") != nullptr);
}

TEST_CASE("a run that is over says which limit its tasks have reached") {
  Rules given = rules({.turns = 1});
  given.wait_user = 0s;
  Run run = talking({"A"}, std::move(given));
  run.fail("A");
  run.pass(10min);
  while (run.in_flight<WriteReport>() != nullptr)
    run.end<WriteReport>();
  CHECK(run.record().phase == RunPhase::Finished);
  CHECK(exit_status(run.state()) == 4);
  CHECK(run.why("A").find("as many as they may") != std::string::npos);
}

TEST_CASE("at the run's limit all turns are ended and nothing is started, until the user says so") {
  Run run = talking({"A", "B", "C"}, rules({}, {.cost = 10 * kDollar}));
  cost(run, "A", 6 * kDollar);
  CHECK(run.task("A").state == TaskState::Running);
  cost(run, "B", 4 * kDollar);
  CHECK(why(run, "A") == ReasonKind::RunCost);
  CHECK(why(run, "B") == ReasonKind::RunCost);
  CHECK(run.in_flight<InterruptTurn>("A") != nullptr);
  CHECK(run.in_flight<CreateWorktree>("C") == nullptr);
  CHECK(needs_user(run.state(), run.task("C")));
  run.end<InterruptTurn>("A");
  run.end<InterruptTurn>("B");
  see(run, "A", Activity::Idle);
  see(run, "B", Activity::Idle);
  run.ask(Verb::Release, "A");
  CHECK(run.task("A").state == TaskState::Running);
  CHECK(run.task("B").state == TaskState::Running);
  CHECK_FALSE(needs_user(run.state(), run.task("C")));
}

TEST_CASE("a run goes on by itself when it is given more") {
  Run run = talking({"A", "B"}, rules({}, {.cost = 10 * kDollar}));
  cost(run, "A", 10 * kDollar);
  run.end<InterruptTurn>("A");
  run.end<InterruptTurn>("B");
  see(run, "A", Activity::Idle);
  run.handle(RunResumed{rules({}, {.cost = 20 * kDollar}),
                        {task_by("A", "talker"), task_by("B", "talker")}});
  CHECK(run.task("A").state == TaskState::Running);
  CHECK(is_told(run, "A"));
}

TEST_CASE("a task is not begun again for ever, whatever the reasons are") {
  Rules given = rules({});
  given.auto_restarts = 2;
  Run run = talking({"A"}, std::move(given));
  for (int restart = 1; restart <= 2; ++restart) {
    run.fail("A");
    run.pass(10min);
    REQUIRE(run.in_flight<CreateWorktree>("A") != nullptr);
    run.start("A");
  }
  run.fail("A");
  run.pass(10min);
  CHECK(run.in_flight<CreateWorktree>("A") == nullptr);
  const Reason reason = WaitingReasons(run.state()).of(run.task("A"));
  CHECK(reason.kind == ReasonKind::TaskRestarts);
  CHECK(reason.number == 2);
  CHECK_FALSE(reason.cause.empty());
  run.ask(Verb::Release, "A");
  CHECK(run.in_flight<CreateWorktree>("A") != nullptr);
}
