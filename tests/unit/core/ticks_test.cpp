// The marks of merged tasks: written later where they cannot be now, and never against the user.
#include "run.hpp"

namespace orch::test {
namespace {

Rules ticking() {
  Rules rules = plain_rules();
  rules.write_back = true;
  return rules;
}

const NotDone kAway{"tasks.md is away", {}, false};

TaskSpec ticked(const std::string& id) {
  TaskSpec spec = task(id);
  spec.done = true;
  return spec;
}

TEST_CASE("a merged task is ticked before what was made for it goes") {
  Run run({task("A")}, ticking());
  run.merge("A");
  CHECK(run.in_flight<CleanUp>("A") == nullptr);
  run.end<TickFile>("A");
  CHECK(run.task("A").tick == Tick::Written);
  run.end<CleanUp>("A");
  CHECK(run.in_flight<TickFile>("A") == nullptr);

  Run silent({task("A")});
  silent.merge("A");
  CHECK(silent.in_flight<TickFile>("A") == nullptr);
}

TEST_CASE("a mark that cannot be written holds nothing up, and is written when the file changed") {
  Run run({task("A"), task("B", {"A"})}, ticking());
  run.merge("A");
  run.end<TickFile>("A", kAway);
  CHECK(run.told("task.unmarked") ==
        std::vector<std::string>{"A: its mark is written later: tasks.md is away"});
  run.end<CleanUp>("A");
  CHECK(run.in_flight<TickFile>("A") == nullptr);
  CHECK(run.in_flight<CreateWorktree>("B") != nullptr);
  run.handle(TasksChanged{{task("A"), task("B", {"A"})}});
  run.end<TickFile>("A");
  CHECK(run.task("A").tick == Tick::Written);
}

TEST_CASE("late marks are tried with each landing, once at the end, and by the next 'up'") {
  Run run({task("A"), task("B", {"A"})}, ticking());
  run.merge("A");
  run.end<TickFile>("A", kAway);
  run.end<CleanUp>("A");
  run.merge("B");
  run.end<TickFile>("A", kAway);
  run.end<TickFile>("B");
  run.end<CleanUp>("B");
  run.end<TickFile>("A", kAway);
  run.end<WriteReport>();
  CHECK(run.record().phase == RunPhase::Finished);
  run.handle(RunResumed{ticking(), {task("A"), ticked("B")}, true});
  run.end<TickFile>("A");
  run.end<WriteReport>();
  CHECK(run.task("A").tick == Tick::Written);
}

TEST_CASE("a task that failed is marked once, and again when another attempt has merged it") {
  Run run({task("A"), task("B")}, ticking());
  run.give_up("A");
  run.end<TickFile>("A");
  CHECK(run.task("A").tick == Tick::Written);
  CHECK(run.in_flight<TickFile>("A") == nullptr);
  run.ask(Verb::Retry, "A");
  run.end<RescueWork>("A");
  run.merge("A");
  run.end<TickFile>("A");
  CHECK(run.task("A").tick == Tick::Written);
  run.end<CleanUp>("A");

  Run silent({task("A"), task("B")});
  silent.give_up("A");
  CHECK(silent.in_flight<TickFile>("A") == nullptr);
}

TEST_CASE("a mark that is gone from the file is set again, unless the user took it back") {
  Run run({task("A"), task("B")}, ticking());
  run.merge("A");
  run.end<TickFile>("A");
  run.end<CleanUp>("A");
  run.handle(TasksChanged{{ticked("A"), task("B")}});
  CHECK(run.in_flight<TickFile>("A") == nullptr);
  run.handle(TasksChanged{{task("A"), task("B"), task("C")}});
  run.end<TickFile>("A");
  run.handle(TasksChanged{{task("A"), task("B")}, {TaskId{"A"}}});
  CHECK(run.in_flight<TickFile>("A") == nullptr);
  CHECK(run.task("A").tick == Tick::TakenBack);
  CHECK(run.state_of("A") == TaskState::Merged);
  run.handle(TasksChanged{{task("A"), task("B"), task("D")}});
  CHECK(run.in_flight<TickFile>("A") == nullptr);
}

TEST_CASE("the user's own marks are never set again") {
  Run run({ticked("A"), task("B")}, ticking());
  run.handle(TasksChanged{{task("A"), task("B")}});
  CHECK(run.in_flight<TickFile>("A") == nullptr);
  CHECK(run.state_of("A") == TaskState::Merged);
}

TEST_CASE("what an earlier run merged and could not tick is ticked and not done again") {
  Run run({}, ticking());
  run.handle(RunStarted{.rules = ticking(),
                        .tasks = {task("A"), task("B", {"A"})},
                        .base = CommitId{"base"},
                        .merged = {{TaskId{"A"}, CommitId{"landed"}}}});
  CHECK(run.state_of("A") == TaskState::Merged);
  CHECK(run.in_flight<CreateWorktree>("A") == nullptr);
  CHECK(run.in_flight<CreateWorktree>("B") != nullptr);
  run.end<TickFile>("A");
}

}  // namespace
}  // namespace orch::test
