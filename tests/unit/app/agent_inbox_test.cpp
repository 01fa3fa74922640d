#include "app/agent_inbox.hpp"

#include "../base/temporary_folder.hpp"
#include "app/spool.hpp"
#include "catch.hpp"
#include "loop/loop.hpp"
#include "orch/base/files.hpp"
#include "orch/base/process.hpp"

#include <unistd.h>

#include <chrono>
#include <string>
#include <vector>

using namespace orch;

namespace {

const TaskId kTask{"T1"};

AgentRun agent(int attempt) {
  return {.task = kTask, .attempt = attempt, .token = "0123456789abcdef"};
}

struct Desk {
  TemporaryFolder folder;
  loop::Loop loop;
  app::RunPaths run{folder.path()};
  app::AgentInbox inbox{loop, run};
  std::vector<AgentExited> exits;

  void follow(int number) {
    inbox.follow(agent(number), [this](AgentExited exited) { exits.push_back(std::move(exited)); });
  }
};

}  // namespace

TEST_CASE("a report stays in the inbox until it is forgotten, and is of its attempt alone") {
  Desk desk;
  AgentReported report{.id = "1", .text = "so far"};
  REQUIRE(app::spool_report(desk.run.attempt(kTask, 2), report, agent(2).token));
  CHECK(desk.inbox.read(agent(1)).empty());
  const auto found = desk.inbox.read(agent(2));
  REQUIRE(found.size() == 1);
  CHECK(found[0].task == kTask);
  CHECK(found[0].attempt == 2);
  CHECK(desk.inbox.read(agent(2)) == found);
  desk.inbox.forget(found[0]);
  CHECK(desk.inbox.read(agent(2)).empty());
}

TEST_CASE("an agent that is gone already is told of later, and once") {
  Desk desk;
  desk.follow(1);
  CHECK(desk.exits.empty());
  desk.loop.run();
  REQUIRE(desk.exits.size() == 1);
  CHECK(desk.exits[0].task == kTask);
  CHECK(desk.exits[0].attempt == 1);
  CHECK(desk.exits[0].kind == ExitKind::Lost);
}

TEST_CASE("a report of an agent that rings nobody is told of when it is written") {
  const TemporaryFolder folder;
  loop::Loop loop;
  const app::RunPaths run{folder.path()};
  int told = 0;
  app::AgentInbox inbox(loop, run, {.wrote = [&](const TaskId& task) {
                          CHECK(task == kTask);
                          ++told;
                          loop.stop();
                        }});
  AgentRun living = agent(1);
  const ProcessId ours = identify(::getpid());
  living.shim = {.pid = ours.pid, .start = ours.start_ticks, .boot = ours.boot_id};
  REQUIRE(make_folders(run.attempt(kTask, 1) / app::kSpoolFolder, 0700));
  inbox.follow(living, [](const AgentExited&) { FAIL("it lives"); });
  loop.post([&] {
    REQUIRE(app::spool_report(run.attempt(kTask, 1), {.id = "1", .text = "so far"}, living.token));
  });
  loop::Timer late(loop, [&] { loop.stop(); });
  late.once(std::chrono::seconds(10));
  loop.run();
  CHECK(told == 1);
  CHECK(inbox.read(living).size() == 1);
}

TEST_CASE(
    "what a screen says for an agent stays in the inbox until it is stored, and counts once") {
  Desk desk;
  State state;
  TaskRecord task;
  task.plan.spec.id = kTask;
  task.agent = 1;
  task.attempts = 2;
  state.tasks.push_back(task);
  state.agents[1] = agent(2);
  REQUIRE(make_folders(desk.run.attempt(kTask, 2), 0700));
  const AgentReported report{.id = "marker-1", .task = kTask, .attempt = 2, .text = "so far"};
  const std::vector<AgentReported> all = {report};
  desk.inbox.offer(report, state);
  desk.inbox.offer(report, state);
  CHECK(desk.inbox.read(agent(2)) == all);
  desk.inbox.forget(report);
  CHECK(desk.inbox.read(agent(2)).empty());
  desk.inbox.offer(report, state);
  CHECK(desk.inbox.read(agent(2)).empty());
  {
    app::AgentInbox next(desk.loop, desk.run);
    next.offer(report, state);
    CHECK(next.read(agent(2)).empty());
  }
  AgentReported earlier = report;
  earlier.attempt = 1;
  desk.inbox.offer(earlier, state);
  CHECK(desk.inbox.read(agent(1)).empty());
}
