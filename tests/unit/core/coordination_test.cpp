// The agent that coordinates: when it starts and ends, what it is told, and what it may ask for.
#include "orch/core/coordinator_rights.hpp"
#include "orch/core/waiting.hpp"
#include "run.hpp"
#include "ui/sentences.hpp"

#include <algorithm>

using namespace orch;
using namespace orch::test;

namespace {

const TaskId kCoordinator{"coordinator"};

Rules coordinated(const std::string& kind = "talker") {
  Rules rules = plain_rules();
  rules.coordinator.agent = kind;
  return rules;
}

AgentSeen seen(const std::string& id, Activity activity) {
  return {.task = TaskId{id}, .attempt = 1, .activity = activity};
}

/// Two tasks at work, and the agent that coordinates at its prompt.
Run at_work(Rules rules = coordinated()) {
  Run run({task_by("A", "talker"), task_by("B", "talker"), task("C", {"A"})}, std::move(rules));
  run.start("coordinator");
  run.start("A");
  run.start("B");
  run.handle(seen("coordinator", Activity::Idle));
  return run;
}

UserAsked asks(Verb verb, const std::string& id = {}) {
  UserAsked asked{verb, TaskId{id}};
  asked.by = kCoordinator;
  return asked;
}

UserAsked makes(const std::vector<std::string>& ids, const std::string& kind = "talker") {
  UserAsked asked = asks(Verb::Make);
  for (const std::string& id : ids) {
    asked.tasks.push_back(task_by(id, kind));
    asked.tasks.back().made_by = kCoordinator.value;
  }
  return asked;
}

RefusalKind refused(Run& run, const UserAsked& asked) {
  return run.handle(asked).refused.kind;
}

std::size_t digests(const Run& run) {
  const auto all = run.messages("coordinator");
  return static_cast<std::size_t>(std::ranges::count(all, MessageKind::Digest, &Message::kind));
}

/// The one that is open is typed, and its turn is over again.
void hear(Run& run) {
  run.end<TypeText>("coordinator", TextTyped{true});
  run.handle(seen("coordinator", Activity::Busy));
  run.handle(seen("coordinator", Activity::Idle));
}

}  // namespace

TEST_CASE("who coordinates has an agent of its own, and no worker") {
  Run run = at_work();
  CHECK(run.agent("coordinator").role == Role::Coordinator);
  CHECK(run.agent("coordinator").worker == 0);
  CHECK(run.agent("A").worker == 1);
  CHECK(run.agent("B").worker == 2);
  CHECK(run.task("coordinator").state == TaskState::Running);
  CHECK_FALSE(agent_waits_for_user(run.state(), run.task("coordinator")));
}

TEST_CASE("without the rule there is none, and a task may be called so") {
  Run run({task("coordinator")});
  CHECK(run.state().coordinator() == nullptr);
  CHECK(run.in_flight<CreateWorktree>("coordinator") != nullptr);
  run.start("coordinator");
  CHECK(run.agent("coordinator").role == Role::Implementer);
  CHECK(run.agent("coordinator").worker == 1);
}

TEST_CASE("a task that needs who coordinates needs nothing that there is") {
  Run run({task("A", {"coordinator"})}, coordinated());
  run.start("A");
  CHECK(run.task("A").state == TaskState::Running);
}

TEST_CASE("it ends with the run, which goes on with it") {
  Run run({task_by("A", "talker")}, coordinated());
  run.start("coordinator");
  run.merge("A");
  run.clean_up("A");
  run.handle(seen("coordinator", Activity::Idle));
  // That all is over is told first.
  REQUIRE(run.in_flight<TypeText>("coordinator") != nullptr);
  CHECK(run.effect<TypeText>("coordinator").kind == MessageKind::Digest);
  CHECK(run.record().phase == RunPhase::Running);
  hear(run);
  run.end<StopAgent>("coordinator");
  run.end<RescueWork>("coordinator", WorkRescued{});
  // Another run's is called the same.
  run.end<CleanUp>("coordinator");
  run.end<WriteReport>();
  CHECK(run.record().phase == RunPhase::Finished);
  CHECK(run.task("coordinator").state == TaskState::Waiting);
  CHECK(exit_status(run.state()) == 0);
  UserAsked more{Verb::Make, {}};
  more.tasks = {task_by("B", "talker")};
  more.tasks.front().made_by = "user";
  run.handle(more);
  CHECK(run.record().phase == RunPhase::Running);
  CHECK(run.in_flight<CreateWorktree>("coordinator") != nullptr);
}

TEST_CASE("a run waits while it works, and not for a dialog of its") {
  Run run({task_by("A", "talker")}, coordinated());
  run.start("coordinator");
  run.handle(seen("coordinator", Activity::Busy));
  run.merge("A");
  run.clean_up("A");
  CHECK(run.record().phase == RunPhase::Running);
  CHECK(run.in_flight<StopAgent>("coordinator") == nullptr);
  run.handle(seen("coordinator", Activity::Asking));
  CHECK(run.in_flight<StopAgent>("coordinator") != nullptr);
}

TEST_CASE("one that ends by itself is not started again, and the run goes on by its rules") {
  Run run = at_work();
  run.exits("coordinator", 0);
  run.end<RescueWork>("coordinator", WorkRescued{});
  CHECK(run.task("coordinator").state == TaskState::Aborted);
  run.pass(10min);
  CHECK(run.in_flight<CreateWorktree>("coordinator") == nullptr);
  CHECK(run.task("A").state == TaskState::Running);
  run.ask(Verb::Retry, "coordinator");
  run.end<RescueWork>("coordinator", WorkRescued{});
  CHECK(run.in_flight<CreateWorktree>("coordinator") != nullptr);
}

TEST_CASE("one that crashes is started again, some times") {
  Run run = at_work();
  run.exits("coordinator", 1);
  run.end<RescueWork>("coordinator", WorkRescued{});
  CHECK(run.task("coordinator").state == TaskState::Waiting);
  run.pass(10min);
  CHECK(run.in_flight<CreateWorktree>("coordinator") != nullptr);
}

TEST_CASE("it is told of what needs a decision, not too often, and of nothing else") {
  Run run = at_work();
  run.says("A", ReportKind::Progress, "half");
  CHECK(digests(run) == 0);
  run.says("A", ReportKind::Blocked, "which parser?");
  REQUIRE(digests(run) == 1);
  hear(run);
  run.says("B", ReportKind::Blocked, "which lexer?");
  CHECK(digests(run) == 1);
  REQUIRE(run.engine.next_wake());
  run.pass(30s);
  CHECK(digests(run) == 2);
  hear(run);
  run.pass(10min);
  CHECK(digests(run) == 2);
}

TEST_CASE("each time it is told of those tasks that have come to need a decision since") {
  Run run = at_work();
  run.says("A", ReportKind::Blocked, "which parser?");
  CHECK(run.record().digest.told == std::vector<TaskId>{TaskId{"A"}});
  hear(run);
  run.says("B", ReportKind::Blocked, "which lexer?");
  run.pass(30s);
  CHECK(run.record().digest.told == std::vector<TaskId>{TaskId{"B"}});
  CHECK(run.record().digest.news.empty());
}

TEST_CASE("what it does is told as its doing, and what a person does as theirs") {
  Run run = at_work();
  const auto said = [&run](UserAsked asked, bool by_it) {
    asked.by = by_it ? kCoordinator : TaskId();
    const Decision decision = run.handle(asked);
    std::string text;
    for (const Fact& fact : decision.facts)
      text += ui::sentence(fact) + "\n";
    return text;
  };
  CHECK(said({Verb::Hold, TaskId{"A"}}, true) == "held by the coordinator\n");
  CHECK(said({Verb::Release, TaskId{"A"}}, true) == "released by the coordinator\n");
  CHECK(said({Verb::Hold, TaskId{"A"}}, false) == "held\n");
  CHECK(said({Verb::Release, TaskId{"A"}}, false) == "released\n");
  CHECK(said({Verb::Retry, TaskId{"A"}}, true) == "started again by the coordinator\n");
  CHECK(said({Verb::Retry, TaskId{"B"}}, false) == "started again by you\n");
  run.handle(asks(Verb::Hold, "C"));
  CHECK(ui::sentence(WaitingReasons(run.state()).of(run.task("C"))) == "held by the coordinator");
}

TEST_CASE("what it may do about a task is what would not be refused") {
  Run run = at_work();
  run.says("A", ReportKind::Blocked, "which parser?");
  CHECK(verbs_of_coordinator(run.state(), run.task("A")) ==
        std::vector{Verb::ReleaseWith, Verb::Retry, Verb::Abort});
  run.handle(asks(Verb::Abort, "B"));
  run.end<StopAgent>("B");
  run.end<RescueWork>("B");
  CHECK(verbs_of_coordinator(run.state(), run.task("B")) == std::vector{Verb::Retry});
  run.ask(Verb::Hold, "A");
  CHECK(verbs_of_coordinator(run.state(), run.task("A")) == std::vector{Verb::Abort});
}

TEST_CASE("one that is blocked and held back goes on when it is released once") {
  Run run = at_work();
  run.says("coordinator", ReportKind::Blocked, "what now?");
  REQUIRE(run.task("coordinator").state == TaskState::Blocked);
  run.ask(Verb::Hold, "coordinator");
  CHECK(run.ask(Verb::Release, "coordinator").refused.empty());
  CHECK_FALSE(run.task("coordinator").held);
  CHECK(run.task("coordinator").state == TaskState::Running);
  // What blocks a task may be a person's to decide on, whoever holds it back besides.
  run.handle(asks(Verb::Hold, "A"));
  run.says("A", ReportKind::Blocked, "which parser?");
  run.handle(asks(Verb::Release, "A"));
  CHECK_FALSE(run.task("A").held);
  CHECK(run.task("A").state == TaskState::Blocked);
}

TEST_CASE("in a run that is over it is not started again, which is said") {
  Run run({task_by("A", "talker")}, coordinated());
  run.start("coordinator");
  run.merge("A");
  run.clean_up("A");
  run.handle(seen("coordinator", Activity::Idle));
  hear(run);
  run.end<StopAgent>("coordinator");
  run.end<RescueWork>("coordinator", WorkRescued{});
  run.end<CleanUp>("coordinator");
  run.end<WriteReport>();
  REQUIRE(run.record().phase == RunPhase::Finished);
  CHECK(run.ask(Verb::Retry, "coordinator").refused.kind == RefusalKind::NothingToDirect);
}

TEST_CASE("what it asks for that is a person's to decide is refused") {
  Run run = at_work();
  for (const Verb verb : {Verb::Down, Verb::DownKeepAgents, Verb::Undo, Verb::Answer,
                          Verb::AnswerAlways, Verb::SendNow, Verb::Read, Verb::Abort, Verb::Hold})
    CHECK(refused(run, asks(verb)) == RefusalKind::OnlyTheUser);
  for (const Verb verb : {Verb::Merge, Verb::Undo, Verb::Answer, Verb::Release})
    CHECK(refused(run, asks(verb, "A")) == RefusalKind::OnlyTheUser);
  CHECK(refused(run, asks(Verb::Abort, "coordinator")) == RefusalKind::OnlyTheUser);
  CHECK(refused(run, asks(Verb::Abort, "X")) == RefusalKind::NoSuchTask);
  // Nor does any other agent ask for anything.
  UserAsked other = asks(Verb::Hold, "B");
  other.by = TaskId{"A"};
  CHECK(refused(run, other) == RefusalKind::OnlyTheUser);
}

TEST_CASE("what a person has held back or ended it leaves so") {
  Run run = at_work();
  run.ask(Verb::Hold, "A");
  CHECK(refused(run, asks(Verb::Release, "A")) == RefusalKind::OnlyTheUser);
  CHECK(refused(run, asks(Verb::Retry, "A")) == RefusalKind::OnlyTheUser);
  run.ask(Verb::Release, "A");
  CHECK(refused(run, asks(Verb::Hold, "A")) == RefusalKind::None);
  CHECK(refused(run, asks(Verb::Release, "A")) == RefusalKind::None);
  // What both hold back is a person's.
  run.handle(asks(Verb::Hold, "A"));
  run.ask(Verb::Hold, "A");
  CHECK(refused(run, asks(Verb::Release, "A")) == RefusalKind::OnlyTheUser);
  run.ask(Verb::Abort, "B");
  run.end<StopAgent>("B");
  run.end<RescueWork>("B");
  REQUIRE(run.task("B").state == TaskState::Aborted);
  CHECK(run.why("B") == "aborted by you");
  CHECK(refused(run, asks(Verb::Retry, "B")) == RefusalKind::OnlyTheUser);
}

TEST_CASE("it takes no window from a person, and has an end of trying again") {
  Run run = at_work();
  run.handle(ControlSeen{TaskId{"A"}, 1, Control::User});
  for (const Verb verb : {Verb::Hold, Verb::Release, Verb::Abort, Verb::Retry, Verb::Compact})
    CHECK(refused(run, asks(verb, "A")) == RefusalKind::OnlyTheUser);
  CHECK(run.agent("A").control == Control::User);
  int tries = 0;
  while (refused(run, asks(Verb::Retry, "B")) == RefusalKind::None && ++tries < 50) {
    if (run.in_flight<StopAgent>("B") != nullptr) run.end<StopAgent>("B");
    if (run.in_flight<RescueWork>("B") != nullptr) run.end<RescueWork>("B");
    run.start("B");
  }
  CHECK(tries < 10);
}

TEST_CASE("it answers an agent that asks for help, and ends and begins what is its own to do so") {
  Run run = at_work();
  run.says("A", ReportKind::Blocked, "which parser?");
  CHECK(refused(run, asks(Verb::Release, "A")) == RefusalKind::None);
  CHECK(run.task("A").state == TaskState::Running);
  CHECK(refused(run, asks(Verb::Abort, "B")) == RefusalKind::None);
  run.end<StopAgent>("B");
  run.end<RescueWork>("B");
  CHECK(run.why("B") == "aborted by the coordinator");
  CHECK(refused(run, asks(Verb::Retry, "B")) == RefusalKind::None);
}

TEST_CASE("it lets nothing go on that a limit or a gate has stopped") {
  Rules rules = coordinated();
  rules.task_budget.turns = 1;
  Run run = at_work(std::move(rules));
  CHECK(refused(run, asks(Verb::Retry, "A")) == RefusalKind::OnlyTheUser);
}

TEST_CASE("the tasks that it makes are of its kinds, so many, and marked") {
  Rules rules = coordinated();
  rules.made.tasks = 2;
  rules.made.kinds = {"talker"};
  Run run = at_work(std::move(rules));
  CHECK(refused(run, makes({"M"}, "sh")) == RefusalKind::KindNotAllowed);
  CHECK(refused(run, makes({"M", "N", "O"})) == RefusalKind::TooManyMade);
  CHECK(refused(run, makes({"M"})) == RefusalKind::None);
  CHECK(run.task("M").plan.spec.made_by == "coordinator");
  // Asked again, as the answer was lost: it is no further one.
  CHECK(refused(run, makes({"M"})) == RefusalKind::None);
  CHECK(refused(run, makes({"N"})) == RefusalKind::None);
  CHECK(refused(run, makes({"O"})) == RefusalKind::TooManyMade);
  CHECK(refused(run, makes({"coordinator"})) != RefusalKind::None);
  UserAsked users{Verb::Make, {}};
  users.tasks = {task("Coordinator")};
  CHECK(run.handle(users).refused.kind == RefusalKind::NotMade);
}

TEST_CASE("an edit of the file leaves it as it is, and a task of the file cannot take its id") {
  Run run = at_work();
  run.handle(TasksChanged{{task_by("A", "talker"), task_by("B", "talker")}, {}});
  CHECK(run.task("coordinator").state == TaskState::Running);
  run.handle(TasksChanged{{task_by("A", "talker"), task("Coordinator")}, {}});
  CHECK(run.state().find(TaskId{"Coordinator"}) == nullptr);
  CHECK(run.task("B").state == TaskState::Running);
}

TEST_CASE("the user's next `up` keeps it, and may give it to another kind") {
  Run run = at_work();
  run.handle(RunResumed{plain_rules(), {task_by("A", "talker")}, false, {}, {}});
  CHECK(run.record().rules.coordinator.agent == "talker");
  run.handle(RunResumed{coordinated("resumer"), {task_by("A", "talker")}, false, {}, {}});
  CHECK(run.task("coordinator").plan.spec.agent == "resumer");
}

TEST_CASE("it delegates nothing and locks nothing, as nothing of it lands") {
  Run run = at_work();
  AgentReported report{
      .id = "r1", .task = kCoordinator, .attempt = 1, .kind = ReportKind::Delegate};
  report.text = "x";
  report.to = "talker";
  report.head = CommitId{"tip"};
  CHECK(run.handle(report).refused.kind == RefusalKind::NotMade);
  report.id = "r2";
  report.kind = ReportKind::Lock;
  report.items = {"a.c"};
  CHECK_FALSE(run.handle(report).refused.empty());
  CHECK(run.record().locks.empty());
}

TEST_CASE("agents write to it, and it to them") {
  Run run = at_work();
  AgentReported report{.id = "r1",
                       .task = TaskId{"A"},
                       .attempt = 1,
                       .kind = ReportKind::Send,
                       .text = "done with half",
                       .to = "coordinator"};
  CHECK(run.handle(report).refused.empty());
  CHECK(run.messages("coordinator").size() == 1);
  report.id = "r2";
  report.task = kCoordinator;
  report.to = "A";
  CHECK(run.handle(report).refused.empty());
  CHECK(run.messages("A").size() == 1);
  CHECK(run.messages("A").front().from == party_of(kCoordinator));
}
