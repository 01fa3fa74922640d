// Tasks of several items: what an attempt has done of them, and what becomes of the rest; items
// that are not to be started; the order a convention implies.
#include "run.hpp"

#include <algorithm>

using namespace orch;
using namespace orch::test;

namespace {

using Ids = std::vector<std::string>;

TaskSpec task_of_items(const std::string& id, Ids items,
                       const std::vector<std::string>& needs = {}) {
  TaskSpec spec = task(id, needs);
  spec.items = std::move(items);
  return spec;
}

/// A is at work on two items, B waits for it.
Run at_work() {
  Rules rules = plain_rules();
  rules.agent = "talker";
  Run run({task_of_items("A", {"A.1", "A.2"}), task("B", {"A"})}, std::move(rules));
  run.start("A");
  return run;
}

void say_done(Run& run, const std::string& id, Ids items) {
  AgentReported done{.id = "part", .task = TaskId{id}, .attempt = run.task(id).attempts};
  done.kind = ReportKind::Done;
  done.items = std::move(items);
  run.handle(done);
  run.end<CollectWork>(id, WorkCollected{CommitId{"work of " + id}, true, {}});
}

}  // namespace

TEST_CASE("a task whose agent names nothing has done all of its items") {
  Run run = at_work();
  CHECK(run.agent("A").items == Ids{"A.1", "A.2"});
  run.finish("A");
  run.land("A");
  CHECK(run.state_of("A") == TaskState::Merged);
}

TEST_CASE("a part lands, and the rest is a fresh attempt that its dependents wait for") {
  Run run = at_work();
  say_done(run, "A", {"a.1"});
  CHECK(run.agent("A").items == Ids{"A.1"});
  run.land("A");
  CHECK(run.told("task.partly") == Ids{"A: merged: A.1; left: A.2"});
  CHECK(run.state_of("B") == TaskState::Waiting);
  run.clean_up("A");
  CHECK(run.task("A").items_merged == Ids{"A.1"});
  CHECK(run.task("A").attempts == 2);
  CHECK(run.state_of("B") == TaskState::Waiting);
  run.start("A");
  CHECK(run.agent("A").items == Ids{"A.2"});
  run.finish("A");
  run.land("A");
  CHECK(run.state_of("A") == TaskState::Merged);
  CHECK(run.in_flight<CreateWorktree>("B") != nullptr);
}

TEST_CASE(
    "all that a task has landed as is taken back together, and all of it is to be done then") {
  Run run = at_work();
  say_done(run, "A", {"A.1"});
  run.land("A");
  const CommitId first = run.task("A").merged;
  run.clean_up("A");
  run.start("A");
  run.finish("A");
  run.end<PrepareLanding>("A", LandingPrepared{CommitId{"the rest"}});
  run.end<Land>("A", Landed{CommitId{"the rest"}});
  run.clean_up("A");
  CHECK(run.task("A").parts == std::vector{first});
  CHECK(run.task("A").merged == CommitId{"the rest"});

  CHECK(run.ask(Verb::Undo, "A").refused.empty());
  const PrepareLanding& undo = run.effect<PrepareLanding>();
  CHECK(undo.work == CommitId{"the rest"});
  CHECK(undo.parts == std::vector{first});
  run.end<PrepareLanding>();
  run.end<Land>({}, Landed{CommitId{"reverted"}});
  CHECK(run.state_of("A") == TaskState::Aborted);
  CHECK(run.task("A").parts.empty());
  CHECK(run.task("A").items_merged.empty());
  // Its marks in the file are taken back.
  run.handle(TasksChanged{{task_of_items("A", {"A.1", "A.2"}), task("B", {"A"})}});
  run.ask(Verb::Retry, "A");
  run.start("A");
  CHECK(run.agent("A").items == Ids{"A.1", "A.2"});
}

TEST_CASE("what the file says again of a merged item is not done twice") {
  Run run = at_work();
  say_done(run, "A", {"A.2"});
  run.land("A");
  run.clean_up("A");
  CHECK(run.task("A").plan.spec.items == Ids{"A.1"});
}

TEST_CASE("a file that still names what is merged asks for nothing twice") {
  Run run = at_work();
  say_done(run, "A", {"A.1"});
  run.land("A");
  run.clean_up("A");
  run.start("A");
  TaskSpec moved = task_of_items("A", {"A.1", "A.2"});
  moved.line = 7;
  run.handle(TasksChanged{{moved, task("B", {"A"})}});
  run.finish("A");
  run.land("A");
  CHECK(run.state_of("A") == TaskState::Merged);
}

TEST_CASE("what is ticked elsewhere is no change of a task at work") {
  TaskSpec second = task_of_items("B", {"B.1"});
  second.after = {{TaskId{"A"}, "phase order"}};
  Run run({task("A"), second});
  run.merge("A");
  run.start("B");
  second.after.clear();
  TaskSpec first = task("A");
  first.done = true;
  run.handle(TasksChanged{{first, second}});
  CHECK(run.told("task.edited").empty());
}

TEST_CASE("an item that joins while its task is at work is left for the next attempt") {
  Run run = at_work();
  run.handle(TasksChanged{{task_of_items("A", {"A.1", "A.2", "A.3"}), task("B", {"A"})}});
  run.finish("A");
  run.land("A");
  CHECK(run.told("task.partly") == Ids{"A: merged: A.1, A.2; left: A.3"});
}

TEST_CASE("an agent that names only what is not its own has done all") {
  Run run = at_work();
  say_done(run, "A", {"B.1"});
  CHECK(run.agent("A").items == Ids{"A.1", "A.2"});
}

TEST_CASE("what is withheld is not started, unless it is asked for") {
  TaskSpec later = task("A");
  later.withheld = "deferred (line 3)";
  {
    Run run({later, task("B", {"A"})});
    CHECK(run.state_of("A") == TaskState::Waiting);
    CHECK(run.why("A") == "deferred (line 3)");
    CHECK(run.state_of("B") == TaskState::Unreachable);
    CHECK(run.why("B") == "needs A, which is deferred (line 3)");
  }
  Rules rules = plain_rules();
  rules.only = {TaskId{"A"}};
  Run run({later, task("B", {"A"})}, rules);
  CHECK(run.in_flight<CreateWorktree>("A") != nullptr);
}

TEST_CASE("the order of a convention is kept, and what the file says wins") {
  TaskSpec second = task("B");
  second.after = {{TaskId{"A"}, "phase order"}};
  {
    Run run({task("A"), second});
    CHECK(run.in_flight<CreateWorktree>("B") == nullptr);
    CHECK(run.task("B").needs == std::vector<TaskId>{TaskId{"A"}});
  }
  Run run({task("A", {"B"}), second});
  CHECK(run.in_flight<CreateWorktree>("B") != nullptr);
  CHECK(run.task("B").needs.empty());
}
