// Paths that agents lock: who gets one, who waits for it, and when it is free again.
#include "run.hpp"

using namespace orch;
using namespace orch::test;

namespace {

int reports = 0;

RefusalKind says(Run& run, const std::string& task, ReportKind kind,
                 const std::vector<std::string>& paths) {
  AgentReported report{.id = "l" + std::to_string(++reports),
                       .task = TaskId{task},
                       .attempt = run.task(task).attempts,
                       .kind = kind};
  report.items = paths;
  return run.handle(report).refused.kind;
}

RefusalKind locks(Run& run, const std::string& task, const std::vector<std::string>& paths) {
  return says(run, task, ReportKind::Lock, paths);
}

TaskSpec talker_on(const std::string& id, const std::vector<std::string>& files) {
  TaskSpec spec = task_on(id, files);
  spec.agent = "talker";
  return spec;
}

/// A and B are at work, B on b.c.
Run at_work(std::vector<TaskSpec> more = {}, Rules rules = plain_rules()) {
  std::vector<TaskSpec> tasks{talker_on("A", {}), talker_on("B", {"b.c"})};
  tasks.insert(tasks.end(), more.begin(), more.end());
  rules.workers = 2;
  Run run(std::move(tasks), std::move(rules));
  run.start("A");
  run.start("B");
  return run;
}

}  // namespace

TEST_CASE("a path is one agent's, and what meets it as well") {
  Run run = at_work();
  CHECK(locks(run, "A", {"src/a.c"}) == RefusalKind::None);
  CHECK(locks(run, "A", {"src/a.c"}) == RefusalKind::None);
  CHECK(run.record().locks.size() == 1);
  CHECK(locks(run, "B", {"src/a.c"}) == RefusalKind::Locked);
  CHECK(locks(run, "B", {"src"}) == RefusalKind::Locked);
  // What another task names is its without a lock.
  CHECK(locks(run, "A", {"b.c"}) == RefusalKind::NamedByOther);
  CHECK(locks(run, "B", {"b.c"}) == RefusalKind::None);
  // All or none.
  CHECK(locks(run, "B", {"d.c", "src/a.c"}) == RefusalKind::Locked);
  CHECK(run.record().locks.size() == 2);
  CHECK(says(run, "A", ReportKind::Unlock, {}) == RefusalKind::None);
  CHECK(locks(run, "B", {"src/a.c"}) == RefusalKind::None);
}

TEST_CASE("what is no path below the worktree is refused, and too many are") {
  Run run = at_work();
  for (const std::string& path :
       {std::string(), std::string("/etc/x"), std::string("../x"), std::string("a/../../x"),
        std::string("*.c"), std::string("a\x1b[31m"), std::string(400, 'a')})
    CHECK(locks(run, "A", {path}) == RefusalKind::NoPath);
  std::vector<std::string> many;
  for (int i = 0; i < 101; ++i)
    many.push_back("f" + std::to_string(i));
  CHECK(locks(run, "A", many) == RefusalKind::TooManyLocks);
  CHECK(run.record().locks.empty());
}

TEST_CASE("a task that names a locked file waits for it, and says for whom") {
  Run run = at_work({talker_on("C", {"src/a.c"})});
  locks(run, "A", {"src/a.c"});
  run.finish("B");
  run.land("B");
  CHECK(run.in_flight<CreateWorktree>("C") == nullptr);
  CHECK(run.why("C").find("A") != std::string::npos);
  says(run, "A", ReportKind::Unlock, {"src/a.c"});
  CHECK(run.in_flight<CreateWorktree>("C") != nullptr);
}

TEST_CASE("the user takes locks away, some or all of a task's") {
  Run run = at_work();
  locks(run, "A", {"a.c", "d.c", "e.c"});
  const auto takes = [&run](const std::string& paths) {
    UserAsked asked{Verb::Unlock, TaskId{"A"}};
    asked.text = paths;
    return run.handle(asked);
  };
  const Decision some = takes("d.c\nno.c\n");
  CHECK(some.refused.empty());
  REQUIRE(some.facts.size() == 1);
  CHECK(some.facts.front().kind == FactKind::TaskUnlocked);
  CHECK(some.facts.front().reason.names == std::vector<std::string>{"d.c"});
  CHECK(locks(run, "B", {"d.c"}) == RefusalKind::None);
  CHECK(takes("d.c").refused.kind == RefusalKind::NothingLocked);
  CHECK(takes("").refused.empty());
  CHECK(locks(run, "B", {"a.c"}) == RefusalKind::None);
  CHECK(run.ask(Verb::Unlock).refused.kind == RefusalKind::NoTaskNamed);
  CHECK(run.state_of("A") == TaskState::Running);
}

TEST_CASE("what who waits for it has locked an agent may lock as well, and nobody else") {
  Run run = at_work();
  locks(run, "A", {"a.c"});
  AgentReported wish{.id = "wish", .task = TaskId{"A"}, .attempt = 1, .kind = ReportKind::Delegate};
  wish.text = "mend a.c";
  wish.to = "talker";
  wish.head = CommitId{"tip"};
  REQUIRE(run.handle(wish).refused.empty());
  run.handle(AgentSeen{.task = TaskId{"A"}, .attempt = 1, .activity = Activity::Idle});
  run.start("A-1");
  CHECK(locks(run, "A-1", {"a.c"}) == RefusalKind::None);
  CHECK(locks(run, "A-1", {"b.c"}) == RefusalKind::NamedByOther);
  CHECK(locks(run, "B", {"a.c"}) == RefusalKind::Locked);
  // Who waits gets it back with the work.
  CHECK(locks(run, "A", {"a.c"}) == RefusalKind::None);
  CHECK(locks(run, "A", {"a.c/x"}) == RefusalKind::Locked);
}

TEST_CASE("a lock ends with the work of its task, and stays while that is blocked") {
  Run run = at_work();
  locks(run, "A", {"a.c"});
  run.says("A", ReportKind::Blocked, "a key is missing");
  CHECK(run.record().locks.size() == 1);
  run.ask(Verb::Abort, "A");
  run.end<StopAgent>("A");
  run.end<RescueWork>("A");
  CHECK(run.record().locks.empty());
  locks(run, "B", {"c.c"});
  run.finish("B");
  run.land("B");
  CHECK(run.record().locks.empty());
}

TEST_CASE("a lock ends with the agent of a task that is blocked") {
  Rules rules = plain_rules();
  rules.wait_user = Span{0};
  Run run = at_work({talker_on("C", {"a.c"})}, std::move(rules));
  locks(run, "A", {"a.c"});
  run.finish("B");
  run.land("B");
  run.handle(AgentSeen{
      .task = TaskId{"A"}, .attempt = 1, .activity = Activity::Asking, .kind = "permission"});
  run.pass(30s);
  run.end<StopAgent>("A");
  CHECK(run.record().locks.size() == 1);
  run.end<RescueWork>("A");
  CHECK(run.state_of("A") == TaskState::Blocked);
  CHECK(run.record().locks.empty());
  CHECK(run.state_of("C") == TaskState::Preparing);
}

TEST_CASE("of a lock that is held for long the user is told once") {
  Run run = at_work();
  locks(run, "A", {"a.c"});
  const auto told = [](const Decision& decision) {
    return std::ranges::count_if(decision.facts, [](const Fact& fact) {
      return fact.reason.kind == ReasonKind::LockIsOld && fact.reason.text == "a.c";
    });
  };
  CHECK(told(run.pass(59min)) == 0);
  CHECK(told(run.pass(1min)) == 1);
  CHECK(told(run.pass(2h)) == 0);
}

TEST_CASE("an agent shortens its conversation by the command of its program") {
  Rules rules = plain_rules();
  rules.agents["talker"].compact = "/compact";
  Run run({task_by("A", "talker"), task("B")}, std::move(rules));
  CHECK(run.ask(Verb::Compact, "A").refused.kind == RefusalKind::NoAgent);
  run.start("A");
  run.start("B");
  CHECK(run.ask(Verb::Compact, "B").refused.kind == RefusalKind::CannotCompact);
  CHECK(run.ask(Verb::Compact).refused.kind == RefusalKind::NoTaskNamed);
  CHECK(run.ask(Verb::Compact, "A").refused.empty());
  run.handle(AgentSeen{.task = TaskId{"A"}, .attempt = 1, .activity = Activity::Idle});
  CHECK(run.effect<TypeText>("A").text == "/compact");
}
