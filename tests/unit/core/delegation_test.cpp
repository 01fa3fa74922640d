// What an agent delegates: how it begins, who works meanwhile, and how it comes back.
#include "orch/core/routing.hpp"
#include "run.hpp"

using namespace orch;
using namespace orch::test;

namespace {

int reports = 0;

AgentReported wish(const std::string& by, const std::string& text, const std::string& kind = {}) {
  AgentReported report{.id = "d" + std::to_string(++reports),
                       .task = TaskId{by},
                       .attempt = 1,
                       .kind = ReportKind::Delegate,
                       .text = text};
  report.to = kind;
  report.head = CommitId{"tip"};
  return report;
}

AgentSeen seen(const std::string& id, Activity activity, int attempt = 1) {
  return {.task = TaskId{id}, .attempt = attempt, .activity = activity};
}

Rules one_worker() {
  Rules rules = plain_rules();
  rules.workers = 1;
  rules.agent = "talker";
  rules.auto_texts = 10;
  return rules;
}

/// A is at work and has delegated; nobody else can work beside it.
Run delegated(Rules rules = one_worker()) {
  Run run({task_by("A", "talker")}, std::move(rules));
  run.start("A");
  CHECK(run.handle(wish("A", "write the tests\nall of them", "talker")).made.value == "A-1");
  return run;
}

/// The agent of A has ended its turn, and the other one is done.
Run done() {
  Run run = delegated();
  run.handle(seen("A", Activity::Idle));
  run.start("A-1");
  run.says("A-1", ReportKind::Done, "ten tests");
  run.end<CollectWork>("A-1");
  run.end<StopAgent>("A-1");
  run.end<RescueWork>("A-1");
  return run;
}

RefusalKind refused(Run& run, const AgentReported& report) {
  return run.handle(report).refused.kind;
}

}  // namespace

TEST_CASE("what is delegated is a task of its own that begins where the other one is") {
  Run run = delegated();
  const TaskSpec& spec = run.task("A-1").plan.spec;
  CHECK(spec.title == "write the tests");
  CHECK(spec.made_by == "A");
  CHECK(spec.agent == "talker");
  CHECK(spec.is_delegated());
  // The only worker is at work, and does not wait yet.
  CHECK(run.in_flight<CreateWorktree>("A-1") == nullptr);
  run.handle(seen("A", Activity::Busy));
  CHECK(run.in_flight<CreateWorktree>("A-1") == nullptr);
  run.handle(seen("A", Activity::Idle));
  CHECK(run.effect<CreateWorktree>("A-1").from == CommitId{"tip"});
  CHECK(run.agent("A-1").worker == 0);
}

TEST_CASE("what is delegated keeps its distance from the last start of its kind") {
  Rules rules = one_worker();
  rules.agents["talker"].start_gap = 20s;
  Run run = delegated(std::move(rules));
  run.handle(seen("A", Activity::Idle));
  CHECK(run.in_flight<CreateWorktree>("A-1") == nullptr);
  run.pass(20s);
  CHECK(run.in_flight<CreateWorktree>("A-1") != nullptr);
}

TEST_CASE("what is delegated counts as one of its kind, unless one of that kind waits for it") {
  Rules rules = one_worker();
  rules.workers = 2;
  rules.agents["talker"].max_parallel = 1;
  rules.agents["other"] = rules.agents["talker"];
  Run run({task_by("A", "talker"), task_by("B", "other")}, std::move(rules));
  run.start("A");
  run.start("B");
  run.handle(wish("A", "beside B", "other"));
  run.handle(seen("A", Activity::Idle));
  CHECK(run.in_flight<CreateWorktree>("A-1") == nullptr);
  CHECK(run.why("A-1").find("other") != std::string::npos);
  run.finish("B");
  run.land("B");
  CHECK(run.in_flight<CreateWorktree>("A-1") != nullptr);
}

TEST_CASE("who waits is neither reminded nor in need of the user, and has time") {
  Run run = delegated();
  run.handle(seen("A", Activity::Idle));
  CHECK(run.messages("A").empty());
  CHECK_FALSE(agent_waits_for_user(run.state(), run.task("A")));
  CHECK_FALSE(run.agent("A").busy_since);
  CHECK(run.why("A").find("waits for A-1") != std::string::npos);
  run.pass(24h);
  CHECK(run.task("A").state == TaskState::Running);
}

TEST_CASE("beside a free worker both work") {
  Rules rules = one_worker();
  rules.workers = 2;
  Run run = delegated(std::move(rules));
  CHECK(run.in_flight<CreateWorktree>("A-1") != nullptr);
  CHECK(run.agent("A-1").worker == 2);
}

TEST_CASE("its work goes to who has delegated it, and who is told goes on") {
  Run run = done();
  CHECK(run.task("A-1").state == TaskState::Merged);
  CHECK(run.task("A-1").merged.empty());
  CHECK(run.in_flight<PrepareLanding>("A-1") == nullptr);
  const TakeIn& back = run.effect<TakeIn>("A");
  CHECK(back.of == TaskId{"A-1"});
  CHECK(back.work == CommitId{"work"});
  CHECK(back.is_done);
  CHECK(back.said == "ten tests");
  run.end<TakeIn>("A", WorkReturned{"it is merged"});
  CHECK(run.record().delegations.empty());
  CHECK(run.effect<TypeText>("A").text == "it is merged");
  run.end<TypeText>("A", TextTyped{true});
  run.finish("A");
  run.land("A");
  CHECK(run.task("A").state == TaskState::Merged);
}

TEST_CASE("it is taken in when its agent is at its prompt, and not before") {
  Rules rules = one_worker();
  rules.workers = 2;
  Run run = delegated(std::move(rules));
  run.start("A-1");
  run.handle(seen("A", Activity::Busy));
  run.says("A-1", ReportKind::Done, "done");
  run.end<CollectWork>("A-1");
  run.end<StopAgent>("A-1");
  run.end<RescueWork>("A-1");
  CHECK(run.in_flight<TakeIn>("A") == nullptr);
  run.handle(ControlSeen{TaskId{"A"}, 1, Control::User});
  run.handle(seen("A", Activity::Idle));
  CHECK(run.in_flight<TakeIn>("A") == nullptr);
  run.handle(ControlSeen{TaskId{"A"}, 1, Control::Ours});
  CHECK(run.in_flight<TakeIn>("A") != nullptr);
}

TEST_CASE("one that fails is told of, without work") {
  Run run = delegated();
  run.handle(seen("A", Activity::Idle));
  run.start("A-1");
  run.ask(Verb::Abort, "A-1");
  run.end<StopAgent>("A-1");
  run.end<RescueWork>("A-1");
  const TakeIn& back = run.effect<TakeIn>("A");
  CHECK_FALSE(back.is_done);
  CHECK(back.work.empty());
  CHECK(back.why.kind == ReasonKind::Aborted);
}

TEST_CASE("the next attempt of who has delegated is told") {
  Run run = done();
  run.exits("A", 1);
  run.end<TakeIn>("A", WorkReturned{"it is merged"});
  CHECK(run.record().delegations.size() == 1);
  run.end<RescueWork>("A");
  run.pass(10min);
  run.start("A");
  run.handle(seen("A", Activity::Idle, 2));
  CHECK(run.effect<TakeIn>("A").attempt == 2);
}

TEST_CASE("nobody works for who is done or aborted") {
  Run run = delegated();
  run.handle(seen("A", Activity::Idle));
  run.start("A-1");
  run.ask(Verb::Abort, "A");
  run.end<StopAgent>("A");
  run.end<RescueWork>("A");
  run.end<StopAgent>("A-1");
  run.end<RescueWork>("A-1");
  CHECK(run.task("A-1").state == TaskState::Aborted);
  CHECK(run.why("A-1").find("A has delegated it") != std::string::npos);
  CHECK(run.record().delegations.empty());
}

TEST_CASE("one that is begun again goes back, and to nobody who is over") {
  Run run = delegated();
  run.handle(seen("A", Activity::Idle));
  run.start("A-1");
  run.ask(Verb::Abort, "A-1");
  run.end<StopAgent>("A-1");
  run.end<RescueWork>("A-1");
  run.end<TakeIn>("A", WorkReturned{"it has failed"});
  run.end<TypeText>("A", TextTyped{true});
  CHECK(run.record().delegations.empty());
  run.handle(seen("A", Activity::Idle));
  run.ask(Verb::Retry, "A-1");
  run.end<RescueWork>("A-1");
  CHECK(run.record().delegations.empty());
  run.handle(seen("A", Activity::Idle));
  if (run.in_flight<CreateWorktree>("A-1") != nullptr) CHECK(run.record().delegations.size() == 1);
  run.ask(Verb::Abort, "A-1");
  run.ask(Verb::Abort, "A");
  if (run.in_flight<TypeText>("A") != nullptr) run.end<TypeText>("A", TextTyped{true});
  if (run.in_flight<StopAgent>("A") != nullptr) run.end<StopAgent>("A");
  if (run.in_flight<RescueWork>("A") != nullptr) run.end<RescueWork>("A");
  REQUIRE(run.task("A").state == TaskState::Aborted);
  CHECK(run.ask(Verb::Retry, "A-1").refused.kind == RefusalKind::AlreadyOver);
}

TEST_CASE("a run in which only the user can help who was delegated to waits no longer than said") {
  Rules rules = one_worker();
  rules.wait_user = Span{0};
  Run run = delegated(std::move(rules));
  run.handle(seen("A", Activity::Idle));
  run.start("A-1");
  CHECK(run.record().phase == RunPhase::Running);
  run.says("A-1", ReportKind::Blocked, "a key is missing");
  CHECK(run.task("A").state == TaskState::Stopping);
  run.end<StopAgent>("A");
  run.end<RescueWork>("A");
  CHECK(run.task("A").state == TaskState::Blocked);
}

TEST_CASE("what agents make goes to no kind by routing that they may not name") {
  Rules rules = one_worker();
  rules.agent.clear();
  rules.route = {"talker", "sh"};
  rules.agents["sh"].runs_text = true;
  TaskSpec spec = task("M");
  CHECK(choices_for(spec, rules).size() == 2);
  spec.made_by = "A";
  const std::vector<KindChoice> choices = choices_for(spec, rules);
  REQUIRE(choices.size() == 1);
  CHECK(choices.front().kind == "talker");
}

TEST_CASE("how much may be delegated, how deep and to whom has limits") {
  Rules rules = one_worker();
  rules.workers = 4;
  rules.made.tasks = 3;
  Run run = delegated(std::move(rules));
  CHECK(refused(run, wish("A", " \n")) == RefusalKind::NoText);
  CHECK(refused(run, wish("A", std::string(70'000, 'x'))) == RefusalKind::TextTooLong);
  CHECK(refused(run, wish("A", "x", "nobody")) == RefusalKind::UnknownKind);
  run.start("A-1");
  CHECK(run.handle(wish("A-1", "a part of it")).made.value == "A-1-1");
  run.start("A-1-1");
  CHECK(refused(run, wish("A-1-1", "and of that")) == RefusalKind::TooDeep);
  CHECK(refused(run, wish("A", "one more")) == RefusalKind::None);
  CHECK(refused(run, wish("A", "and one more")) == RefusalKind::TooManyMade);
}

TEST_CASE("one that runs what it is told as a script is given nothing, unless the user says so") {
  Rules rules = one_worker();
  rules.workers = 4;
  rules.agents["sh"].runs_text = true;
  const bool is_named = GENERATE(false, true);
  if (is_named) rules.made.kinds = {"sh", "talker"};
  Run run = delegated(std::move(rules));
  CHECK(refused(run, wish("A", "rm -rf x", "sh")) ==
        (is_named ? RefusalKind::None : RefusalKind::KindNotAllowed));
}

TEST_CASE("an agent that nobody could tell what came of it cannot delegate") {
  Run run({task("A")});
  run.start("A");
  CHECK(refused(run, wish("A", "x", "talker")) == RefusalKind::TakesNoText);
}
