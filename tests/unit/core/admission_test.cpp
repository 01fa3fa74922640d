// While memory is short no further agent is started, and those that run go on.
#include "run.hpp"

using namespace orch;
using namespace orch::test;

namespace {

using Lines = std::vector<std::string>;

MemorySeen short_of_memory(const std::string& biggest = "A") {
  return {.is_short = true,
          .available = 312'000'000,
          .biggest = TaskId{biggest},
          .memory = 2'100'000'000,
          .processes = 14};
}

MemorySeen enough() {
  return {.available = 4'000'000'000};
}

const std::string kShort =
    "no further agent is started while memory is short: 312 MB left (the biggest agent is that of "
    "A: 2.1 GB in 14 processes)";

}  // namespace

TEST_CASE("while memory is short no further agent is started, and who has most of it is named") {
  Run run({task("A"), task("B"), task("C", {"B"}), task("D")});
  run.start("A");
  run.start("B");
  run.handle(short_of_memory());
  CHECK(run.run_why() == kShort);
  CHECK(run.why("C") == "needs B");
  CHECK(run.why("D") == "all 2 workers are busy");
  run.finish("B");
  run.land("B");
  CHECK(run.state_of("A") == TaskState::Running);
  CHECK(run.why("C") == kShort);
  CHECK(run.why("D") == kShort);
  run.pass(1h);
  CHECK(run.told("run.memory-short") == Lines{": " + kShort});

  run.handle(enough());
  CHECK(run.state_of("C") == TaskState::Preparing);
  CHECK(run.run_why().empty());
  CHECK(run.told("run.memory-enough") == Lines{": there is enough memory again: 4.0 GB"});
}

TEST_CASE("where memory is short one agent works at a time") {
  Run run({task("A"), task("B"), task("C"), task("D")});
  run.start("A");
  run.start("B");
  run.handle(short_of_memory());
  run.finish("A");
  run.land("A");
  CHECK(run.state_of("C") == TaskState::Waiting);
  run.finish("B");
  CHECK(run.state_of("C") == TaskState::Preparing);
  CHECK(run.state_of("D") == TaskState::Waiting);
  run.start("C");
  run.finish("C");
  CHECK(run.state_of("D") == TaskState::Preparing);
}

TEST_CASE("a task that is tried again waits for memory, too, and keeps its worker") {
  Run run({task("A"), task("B")});
  run.start("A");
  run.start("B");
  run.handle(short_of_memory());
  run.fail("B");
  run.pass(10min);
  CHECK(run.state_of("B") == TaskState::Waiting);
  CHECK(run.why("B") == kShort);
  run.handle(enough());
  CHECK(run.state_of("B") == TaskState::Preparing);
}

TEST_CASE("a run that waits for memory is not over, whoever else waits for the user") {
  Rules rules = plain_rules();
  rules.agent = "talker";
  rules.wait_user = 0min;
  Run run({task("A"), task("B"), task("C")}, rules);
  run.start("A");
  run.start("B");
  run.handle(short_of_memory());
  run.finish("B");
  run.land("B");
  run.handle(AgentSeen{
      .task = TaskId{"A"}, .attempt = 1, .activity = Activity::Asking, .kind = "question"});
  run.pass(1h);
  CHECK(run.record().phase == RunPhase::Running);
  CHECK(run.told("run.waiting").empty());
  run.handle(enough());
  CHECK(run.state_of("C") == TaskState::Preparing);
}

TEST_CASE("another agent is named without being told of once more") {
  Run run({task("A"), task("B"), task("C")});
  run.start("A");
  run.start("B");
  run.handle(short_of_memory());
  MemorySeen other = short_of_memory("B");
  other.processes = 1;
  run.handle(other);
  CHECK(run.run_why() ==
        "no further agent is started while memory is short: 312 MB left (the biggest agent is that "
        "of B: 2.1 GB in 1 process)");
  run.handle(MemorySeen{.is_short = true, .available = 1'000});
  CHECK(run.run_why() == "no further agent is started while memory is short: 1.0 kB left");
  CHECK(run.told("run.memory-short").size() == 1);
  CHECK(run.told("run.memory-enough").empty());
}

TEST_CASE("a run that begins where memory is short begins with one agent") {
  Run run({});
  RunStarted start{plain_rules(), {task("A"), task("B")}, CommitId{"base"}};
  start.memory = {.is_short = true, .available = 312'000'000};
  run.handle(start);
  CHECK(run.outbox() == Lines{"create_worktree A"});
  CHECK(run.why("B") == "no further agent is started while memory is short: 312 MB left");
  run.start("A");
  run.ask(Verb::Down);
  run.end<StopAgent>("A");
  run.end<RescueWork>("A");
  CHECK(run.record().phase == RunPhase::Stopped);
  run.handle(RunResumed{plain_rules(), {task("A"), task("B")}});
  CHECK(run.outbox() == Lines{"create_worktree A", "create_worktree B"});
}

TEST_CASE("that there is enough is no news where it was enough") {
  Run run({task("A")});
  run.handle(enough());
  CHECK(run.told("run.memory-enough").empty());
}

TEST_CASE("that an agent takes the machine from the others is told once in its attempt") {
  Run run({task("A"), task("B")});
  run.start("A");
  run.start("B");
  const AgentOverloads event{TaskId{"A"}, 1, 96, {TaskId{"B"}}};
  run.handle(AgentOverloads{TaskId{"A"}, 2, 96, {TaskId{"B"}}});
  run.handle(AgentOverloads{TaskId{"X"}, 1, 96, {TaskId{"B"}}});
  CHECK(run.told("task.overloads").empty());
  run.handle(event);
  run.handle(event);
  CHECK(run.told("task.overloads") ==
        Lines{"A: its processes have 96 % of the machine, and those of B hardly any of it"});
  run.exits("A", 1);
  run.end<RescueWork>("A");
  run.handle(event);
  CHECK(run.told("task.overloads").size() == 1);
}
