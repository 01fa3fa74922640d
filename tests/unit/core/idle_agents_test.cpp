// Agents that are done wait in their windows until their work has landed, but not any number.
#include "run.hpp"

using namespace orch;
using namespace orch::test;

namespace {

using Lines = std::vector<std::string>;

Rules talkers(int idle_agents) {
  Rules rules = plain_rules();
  rules.workers = 4;
  rules.agent = "talker";
  rules.idle_agents = idle_agents;
  return rules;
}

/// All have begun, and B's program has told the id of its conversation.
Run four_at_work(int idle_agents) {
  Run run({task("A"), task("B"), task("C"), task("D")}, talkers(idle_agents));
  for (const char* id : {"A", "B", "C", "D"})
    run.start(id);
  AgentReported hook{.id = "hook", .task = TaskId{"B"}, .attempt = 1, .kind = ReportKind::Hook};
  hook.hook.session = "3f1c";
  run.handle(hook);
  return run;
}

bool is_ended(const Run& run, const std::string& id) {
  return run.in_flight<StopAgent>(id) != nullptr;
}

}  // namespace

TEST_CASE("of more agents than may wait the one that waits for the longest is ended") {
  Run run = four_at_work(2);
  run.finish("A");  // lands at once, and while it does nothing is changed
  run.finish("B");
  CHECK(run.told("task.agent-ended").empty());
  run.finish("C");
  CHECK(is_ended(run, "B"));
  CHECK_FALSE(is_ended(run, "C"));
  CHECK(run.told("task.agent-ended") ==
        Lines{"B: its agent was ended, as no more than 2 may wait for their landing; its session "
              "is 3f1c"});
  run.finish("D");
  CHECK(is_ended(run, "C"));

  run.end<StopAgent>("B");
  run.exits("B", 0, ExitKind::Stopped);
  CHECK(run.state_of("B") == TaskState::Queued);
  CHECK(run.agent("B").session == "3f1c");
  run.land("A");
  CHECK(run.state_of("B") == TaskState::Landing);
  run.land("B");
  CHECK(run.state_of("B") == TaskState::Merged);
}

TEST_CASE("where nothing is said as many wait as there are workers") {
  Run run = four_at_work(-1);
  for (const char* id : {"A", "B", "C", "D"})
    run.finish(id);
  CHECK(run.told("task.agent-ended").empty());
}

TEST_CASE("with none that may wait each is ended as soon as it can be") {
  Run run = four_at_work(0);
  run.finish("A");
  CHECK_FALSE(is_ended(run, "A"));
  run.finish("B");
  CHECK(is_ended(run, "B"));
}

TEST_CASE("one whose work is in the train is left alone between two tests of it") {
  Rules rules = talkers(0);
  rules.tested = true;
  rules.test_base = false;
  rules.parallel = 2;
  Run run({task("A"), task("B")}, rules);
  for (const char* id : {"A", "B"})
    run.start(id);
  for (const char* id : {"A", "B"}) {
    run.finish(id);
    run.end<PrepareLanding>(id, LandingPrepared{CommitId{std::string("candidate of ") + id}});
  }
  run.end<TestLanding>("A", Tested{false, "exited with 1", "/log"});
  CHECK(run.state_of("A") == TaskState::Landing);
  CHECK_FALSE(is_ended(run, "A"));
  run.end<TestLanding>("B", Tested{false, "exited with 1", "/log"});
  CHECK(run.in_flight<TestLanding>("A") != nullptr);
}

TEST_CASE("one whose window the user has taken over is left alone") {
  Run run = four_at_work(1);
  run.finish("A");
  run.handle(ControlSeen{TaskId{"B"}, 1, Control::User});
  run.finish("B");
  CHECK_FALSE(is_ended(run, "B"));
  run.finish("C");
  CHECK_FALSE(is_ended(run, "B"));
  CHECK(is_ended(run, "C"));
}

TEST_CASE("agents that end by themselves when they are done do not count") {
  Rules rules = talkers(1);
  rules.agent = "sh";
  Run run({task("A"), task("B"), task("C")}, rules);
  for (const char* id : {"A", "B", "C"})
    run.start(id);
  for (const char* id : {"A", "B", "C"})
    run.finish(id);
  CHECK(run.told("task.agent-ended").empty());
}
