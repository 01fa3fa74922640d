// What an agent does not get: tasks for a person, and tasks whose file says that they are done.
#include "run.hpp"

using namespace orch;
using namespace orch::test;

namespace {

TaskSpec for_person(const std::string& id) {
  TaskSpec spec = task(id);
  spec.withheld = "for a person (line 4)";
  spec.human = true;
  return spec;
}

TaskSpec doubtful(const std::string& id, const std::vector<std::string>& needs = {}) {
  TaskSpec spec = task(id, needs);
  spec.withheld = spec.doubt = "line 1 says that it is done";
  return spec;
}

Rules waiting_for(Span span) {
  Rules rules = plain_rules();
  rules.wait_user = span;
  return rules;
}

}  // namespace

TEST_CASE("what needs a task for a person waits until that is ticked, and so does the run") {
  Run run({for_person("A"), task("B", {"A"}), task("C")}, waiting_for(1h));
  CHECK(run.state_of("B") == TaskState::Waiting);
  CHECK(run.why("A") == "for a person (line 4)");
  CHECK(run.why("B") == "waits for you: A: for a person (line 4)");
  run.merge("C");
  run.clean_up("C");
  CHECK(run.told("run.waiting").size() == 1);
  CHECK(run.record().phase == RunPhase::Running);
  TaskSpec ticked = for_person("A");
  ticked.done = true;
  run.handle(TasksChanged{{ticked, task("B", {"A"}), task("C")}});
  CHECK(run.state_of("A") == TaskState::Merged);
  CHECK(run.state_of("B") == TaskState::Preparing);
}

TEST_CASE("a run that waits for a person no longer ends, and says that the user is needed") {
  Run run({for_person("A"), task("B", {"A"}), task("C")}, waiting_for(Span(0)));
  run.merge("C");
  run.clean_up("C");
  run.end<WriteReport>();
  CHECK(run.record().phase == RunPhase::Finished);
  CHECK(exit_status(run.state()) == 4);
  CHECK(is_left_to_user(run.state(), run.task("A")));
  CHECK_FALSE(is_left_to_user(run.state(), run.task("B")));
}

TEST_CASE("nobody waits for a person where no task does") {
  Run run({for_person("A"), task("C")}, waiting_for(1h));
  run.merge("C");
  run.clean_up("C");
  CHECK(run.told("run.waiting").empty());
  run.end<WriteReport>();
  CHECK(exit_status(run.state()) == 4);
}

TEST_CASE("an agent gets a task for a person that is asked for") {
  Rules rules = plain_rules();
  rules.only = {TaskId{"A"}};
  Run run({for_person("A"), task("B", {"A"})}, rules);
  CHECK(run.in_flight<CreateWorktree>("A") != nullptr);
}

TEST_CASE("a doubtful task is held, done or skipped, as the user says") {
  const std::vector<TaskSpec> tasks = {doubtful("A"), task("B", {"A"})};
  Rules rules = plain_rules();
  SECTION("nobody says") {
    Run run(tasks, rules);
    CHECK(run.in_flight<CreateWorktree>("A") == nullptr);
    CHECK(run.why("B") == "waits for you: A: line 1 says that it is done");
  }
  SECTION("do it") {
    rules.started = {TaskId{"A"}};
    Run run(tasks, rules);
    CHECK(run.in_flight<CreateWorktree>("A") != nullptr);
    run.handle(TasksChanged{{doubtful("A"), task("B", {"A"}), task("C")}});
    CHECK(run.task("A").wanted);
  }
  SECTION("skip it") {
    rules.skipped = {TaskId{"A"}};
    Run run(tasks, rules);
    CHECK(run.state_of("A") == TaskState::Merged);
    CHECK(run.why("A") == "line 1 says that it is done");
    CHECK(run.in_flight<CreateWorktree>("B") != nullptr);
  }
}

TEST_CASE("what was said of a doubtful task stays said when the run goes on") {
  Rules rules = plain_rules();
  rules.started = {TaskId{"A"}};
  Run run({doubtful("A"), doubtful("B")}, rules);
  Rules again = plain_rules();
  again.skipped = {TaskId{"B"}};
  run.handle(RunResumed{again, {doubtful("A"), doubtful("B")}});
  CHECK(run.record().rules.started == std::vector<TaskId>{{"A"}});
  CHECK(run.task("A").wanted);
  CHECK(run.state_of("B") == TaskState::Merged);
}

TEST_CASE("a doubtful task that was skipped is done when it is asked for after all") {
  Rules rules = plain_rules();
  rules.skipped = {TaskId{"A"}};
  Run run({doubtful("A"), task("B")}, rules);
  CHECK(run.state_of("A") == TaskState::Merged);
  Rules again = plain_rules();
  again.only = again.started = {TaskId{"A"}};
  TaskSpec skipped = doubtful("A");
  skipped.done = true;  // as the run knows it
  run.handle(RunResumed{again, {skipped, task("B")}});
  CHECK(run.record().rules.skipped.empty());
  CHECK(run.in_flight<CreateWorktree>("A") != nullptr);
}

TEST_CASE("the order of a convention passes over what may be done, a dependency does not") {
  TaskSpec second = doubtful("B");
  second.after = {{TaskId{"A"}, "phase order"}};
  TaskSpec third = task("C");
  third.after = {{TaskId{"B"}, "phase order"}};
  Run run({task("A"), second, third, task("D", {"B"})});
  CHECK(run.task("C").needs == std::vector<TaskId>{{"A"}});
  CHECK(run.task("D").needs == std::vector<TaskId>{{"B"}});
}
