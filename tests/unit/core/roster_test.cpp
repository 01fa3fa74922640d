// The task file is followed: tasks join, change, vanish, come back and are ticked by hand.
#include "run.hpp"

using namespace orch;
using namespace orch::test;

namespace {

TaskSpec ticked(const std::string& id) {
  TaskSpec spec = task(id);
  spec.done = true;
  return spec;
}

std::vector<std::string> ids_of(const State& state) {
  std::vector<std::string> ids;
  for (const TaskRecord& task : state.tasks)
    ids.push_back(task.id().value);
  return ids;
}

}  // namespace

TEST_CASE("new tasks join, in the order of the file") {
  Run run({task("A"), task("C")});
  run.handle(TasksChanged{{task("A"), task("B", {"A"}), task("C")}});
  CHECK(ids_of(run.state()) == std::vector<std::string>{"A", "B", "C"});
  CHECK(run.why("B") == "needs A");
  CHECK(run.told("task.joined") == std::vector<std::string>{"B: new in the task file"});
  CHECK(run.last.changed == std::set<TaskId>{TaskId{"B"}, TaskId{"C"}, TaskId{"A"}});
}

TEST_CASE("a task that only changes its place is named as changed") {
  TaskSpec first = task("A", {});
  TaskSpec second = task("B", {});
  Run run({first, second});
  run.start("A");
  run.start("B");
  first.line = 1;
  second.line = 2;
  run.handle(TasksChanged{{first, second}});
  CHECK(run.last.changed.empty());
  run.handle(TasksChanged{{second, first}});
  CHECK(run.last.changed == std::set<TaskId>{TaskId{"A"}, TaskId{"B"}});
}

TEST_CASE("waiting tasks follow an edit") {
  Run run({task("A"), task("B", {"A"}), task("C")});
  run.handle(TasksChanged{{task("A"), task("B"), task("C", {"A"})}});
  CHECK(run.task("B").needs.empty());
  run.start("C");
  run.finish("C");
  CHECK(run.state_of("B") == TaskState::Preparing);
}

TEST_CASE("a task under way is flagged, and its next attempt takes the new text") {
  Run run({task("A")});
  run.start("A");
  TaskSpec edited = task("A");
  edited.body = "and do it well";
  run.handle(TasksChanged{{edited}});
  CHECK(run.told("task.edited").size() == 1);
  CHECK(run.state_of("A") == TaskState::Running);
  CHECK(run.task("A").plan.spec.body == "and do it well");

  SECTION("a moved line or a set mark is no edit") {
    edited.line = 7;
    edited.done = true;
    run.handle(TasksChanged{{edited}});
    CHECK(run.told("task.edited").size() == 1);
    CHECK(run.state_of("A") == TaskState::Running);
  }
}

TEST_CASE("a task that is removed before it begins is aborted, and comes back with its line") {
  Run run({task("A"), task("B"), task("C", {"A"}), task("D", {"C"})});
  run.handle(TasksChanged{{task("A"), task("B")}});
  CHECK(run.state_of("C") == TaskState::Aborted);
  CHECK(run.why("C") == "no longer in the task file");
  CHECK(run.state_of("D") == TaskState::Aborted);
  run.handle(TasksChanged{{task("A"), task("B"), task("C", {"A"}), task("D", {"C"})}});
  CHECK(run.why("C") == "needs A");
  CHECK(run.why("D") == "needs C");
}

TEST_CASE("a task file that is empty for a moment costs nothing") {
  Run run({task("A"), task("B"), task("C")});
  run.handle(TasksChanged{{}});
  CHECK(run.state_of("A") == TaskState::Preparing);
  CHECK(run.state_of("C") == TaskState::Aborted);
  run.handle(TasksChanged{{task("A"), task("B"), task("C")}});
  CHECK(run.why("C") == "all 2 workers are busy");
}

TEST_CASE("a task that the user aborted stays so when the file is edited") {
  Run run({task("A"), task("B"), task("C")});
  run.ask(Verb::Abort, "C");
  run.handle(TasksChanged{{task("A"), task("B")}});
  run.handle(TasksChanged{{task("A"), task("B"), task("C")}});
  CHECK(run.state_of("C") == TaskState::Aborted);
}

TEST_CASE("a task that is removed under way goes on, and that is said once") {
  Run run({task("A"), task("B")});
  run.start("A");
  run.handle(TasksChanged{{task("B")}});
  run.handle(TasksChanged{{task("B")}});
  CHECK(run.told("task.edited") ==
        std::vector<std::string>{"A: gone from the task file while it is under way"});
  run.finish("A");
  run.land("A");
  CHECK(run.state_of("A") == TaskState::Merged);
}

TEST_CASE("a task that is ticked by hand before it begins is merged, and its dependents start") {
  Run run({task("A"), task("B"), task("C", {"A"}), task("D", {"C"})});
  run.handle(TasksChanged{{task("A"), task("B"), ticked("C"), task("D", {"C"})}});
  CHECK(run.state_of("C") == TaskState::Merged);
  CHECK(run.told("task.ticked") == std::vector<std::string>{"C: ticked by hand"});
  CHECK(run.why("D") == "all 2 workers are busy");
}

TEST_CASE("a task that is ticked by hand between two tries gives back what it had") {
  Run run({task("A")});
  run.start("A");
  run.fail("A");
  run.handle(TasksChanged{{ticked("A")}});
  CHECK(run.state_of("A") == TaskState::Merged);
  CHECK(run.task("A").worker == 0);
  run.end<CleanUp>("A");
  CHECK(run.task("A").cleaned);
}

TEST_CASE("a file with errors is not followed") {
  Run run({task("A"), task("B", {"A"})});
  const TaskRecords before = run.state().tasks;
  SECTION("an unknown id") {
    run.handle(TasksChanged{{task("A", {"Z"})}});
  }
  SECTION("a cycle") {
    run.handle(TasksChanged{{task("A", {"B"}), task("B", {"A"})}});
  }
  SECTION("an id twice") {
    run.handle(TasksChanged{{task("A"), task("A")}});
  }
  CHECK(run.state().tasks == before);
  CHECK(run.told("tasks.refused").size() == 1);
}

TEST_CASE("an id that differs in case is another task") {
  Run run({task("A")});
  run.start("A");
  run.handle(TasksChanged{{task("a")}});
  CHECK(run.state_of("A") == TaskState::Running);
  CHECK(run.state_of("a") == TaskState::Preparing);
}

TEST_CASE("a task waits for the one that creates its file") {
  TaskSpec creator = task_on("B", {"new.c"});
  creator.creates = {"new.c"};
  Run run({task_on("A", {"new.c"}), creator});
  CHECK(run.why("A") == "needs B");
  CHECK(run.state_of("B") == TaskState::Preparing);
}

TEST_CASE("what becomes unreachable becomes reachable again by an edit") {
  Run run({task("A"), task("B", {"A"})});
  run.give_up("A");
  CHECK(run.state_of("B") == TaskState::Unreachable);
  run.handle(TasksChanged{{task("A"), task("B")}});
  CHECK(run.state_of("B") == TaskState::Preparing);
}

TEST_CASE("overlaps that are gone from the file are gone from the record") {
  TaskSpec same = task_on("B", {"a.c"});
  same.line = 2;
  Run run({task_on("A", {"a.c"}), same});
  CHECK(run.why("B") == "shares files with A");
  run.ask(Verb::Hold, "B");
  run.handle(TasksChanged{{task("A"), same}});
  CHECK(run.task("B").overlaps.empty());
  CHECK(run.last.changed.contains(TaskId{"B"}));
  run.ask(Verb::Release, "B");
  CHECK(run.state_of("B") == TaskState::Preparing);
}

namespace {

UserAsked making(std::vector<TaskSpec> specs, Verb verb = Verb::Make) {
  for (TaskSpec& spec : specs)
    spec.made_by = "user";
  return {.verb = verb, .message = "id", .tasks = std::move(specs)};
}

}  // namespace

TEST_CASE("tasks that are made join those of the file, and stay when that is edited") {
  Run run({task("A")});
  run.handle(making({task("B", {"A"}), task("C")}));
  CHECK(run.last.refused.empty());
  CHECK(ids_of(run.state()) == std::vector<std::string>{"A", "B", "C"});
  CHECK(run.told("task.joined") == std::vector<std::string>{"B: made by user", "C: made by user"});
  CHECK(run.why("B") == "needs A");
  run.handle(TasksChanged{{task("A"), task("D")}});
  CHECK(ids_of(run.state()) == std::vector<std::string>{"A", "D", "B", "C"});
  CHECK(run.state_of("C") != TaskState::Aborted);
}

TEST_CASE("a request for tasks that is made again makes none") {
  Run run({task("A")});
  run.handle(making({task("B")}));
  run.handle(making({task("B")}));
  CHECK(run.last.refused.empty());
  CHECK(run.told("task.joined").size() == 1);
}

TEST_CASE("either all tasks are made or none") {
  Run run({task("A")});
  const auto wrong =
      GENERATE(values<std::vector<TaskSpec>>({{task("B"), task("A")},
                                              {task("B", {"Z"})},
                                              {task("B"), task("B")},
                                              {task("B", {"C"}), task("C", {"B"})}}));
  run.handle(making(wrong));
  CHECK(run.last.refused.kind == RefusalKind::NotMade);
  CHECK(ids_of(run.state()) == std::vector<std::string>{"A"});
}

TEST_CASE("a made task has no mark in the task file") {
  Run run({task("A")});
  run.handle(making({task("B")}));
  run.start("B");
  run.finish("B");
  run.land("B");
  CHECK(run.state_of("B") == TaskState::Merged);
  CHECK(run.in_flight<TickFile>("B") == nullptr);
  run.clean_up("B");
  CHECK(run.in_flight<TickFile>("B") == nullptr);
}

TEST_CASE("a task that is made to be held waits for its release") {
  Run run({task("A", {"B"}), task("B")});
  run.handle(making({task("C")}, Verb::MakeHeld));
  CHECK(run.task("C").held);
  CHECK(run.state_of("C") == TaskState::Waiting);
  run.handle(UserAsked{Verb::Release, TaskId{"C"}});
  CHECK(run.state_of("C") == TaskState::Preparing);
}

TEST_CASE("no task is made in a run that is being stopped") {
  Run run({task("A")});
  run.handle(UserAsked{Verb::Down, {}});
  run.handle(making({task("B")}));
  CHECK(run.last.refused.kind == RefusalKind::RunIsOver);
}

TEST_CASE("a task that was given to another kind of agent stays there when its file is edited") {
  Rules rules = plain_rules();
  rules.agents["other"] = rules.agents[rules.agent];
  Run run({task("A"), task("B", {"A"})}, rules);
  run.handle(UserAsked{.verb = Verb::Reassign, .task = TaskId{"B"}, .text = "other"});
  CHECK(run.last.refused.empty());
  TaskSpec edited = task("B", {"A"});
  edited.body = "anew";
  run.handle(TasksChanged{{task("A"), edited}});
  CHECK(run.task("B").plan.spec.agent == "other");
  CHECK(run.task("B").plan.spec.body == "anew");
  run.handle(UserAsked{.verb = Verb::Reassign, .task = TaskId{"B"}, .text = "none"});
  CHECK(run.last.refused.kind == RefusalKind::UnknownKind);
}

TEST_CASE("what the user took out of the file does not come back with a task that is made") {
  Run run({task("A"), task("B", {"A"})});
  run.handle(TasksChanged{{task("A")}});
  run.handle(making({task("M")}));
  CHECK(run.state_of("B") == TaskState::Aborted);
  CHECK(run.told("task.joined") == std::vector<std::string>{"M: made by user"});
}

TEST_CASE("a made task does not start without what it needs, though that has left the file") {
  Run run({task("A"), task("B", {"A"})});
  run.handle(making({task("M", {"B"})}));
  run.handle(TasksChanged{{task("A")}});
  CHECK(run.state_of("M") == TaskState::Unreachable);
  run.handle(TasksChanged{{task("A"), task("B", {"A"})}});
  CHECK(run.state_of("M") == TaskState::Waiting);
  CHECK(run.why("M") == "needs B");
}

TEST_CASE("a task of the file with the id of a made one is refused, and takes no place") {
  Run run({task("A")});
  run.handle(making({task("M")}));
  TaskSpec other = task("M");
  other.body = "something else";
  run.handle(TasksChanged{{task("A"), other}});
  CHECK(run.task("M").plan.spec.is_made());
  CHECK(run.told("tasks.refused").size() == 1);
}
