// What is noted and told of agents and of the machine, from looks at a folder like /proc.
#include "app/resource_watch.hpp"

#include "../base/temporary_folder.hpp"
#include "catch.hpp"
#include "fake/fake_proc.hpp"
#include "loop/loop.hpp"
#include "orch/base/process.hpp"
#include "orch/core/engine.hpp"

#include <unistd.h>

#include <memory>
#include <utility>
#include <variant>
#include <vector>

using namespace orch;
using orch::test::FakeProc;

namespace {

struct HandClock final : port::Clock {
  Time time{};

  Time now() const override { return time; }
};

/// A run with agents for A and B, whose shims are 10 and 20.
struct Desk {
  TemporaryFolder folder;
  FakeProc proc;
  app::Paths paths{folder.path()};
  app::RunContext context{{.id = "r1", .task_file = "tasks.md", .repository = "."},
                          {},
                          paths,
                          app::RunPaths(paths.run("r1")),
                          {},
                          {},
                          {}};
  HandClock clock;
  store::Store store =
      std::move(store::Store::open(folder / "orch.db", store::Access::ReadWrite).value());
  Engine engine;
  std::vector<MemorySeen> posted;
  std::vector<AgentOverloads> overloads;
  loop::Loop loop;

  Desk() {
    REQUIRE(store.begin_run(context.info));
    RunStarted start;
    start.rules.agent = "sh";
    start.rules.agents["sh"] = {.done = DoneBy::Exit};
    start.tasks = {{.id = TaskId{"A"}}, {.id = TaskId{"B"}}};
    happens(start);
    happens(EffectEnded{1, WorktreeReady{}});
    happens(EffectEnded{2, WorktreeReady{}});
    happens(EffectEnded{3, AgentStarted{.pid = 10, .pid_start = 100, .boot = boot_id()}});
    happens(EffectEnded{4, AgentStarted{.pid = 20, .pid_start = 100, .boot = boot_id()}});
    memory(8'000'000);
    proc.put({.pid = 10});
    proc.put({.pid = 11, .parent = 10, .own_mb = 3});
    proc.put({.pid = 20});
    proc.put({.pid = 21, .parent = 20, .own_mb = 7});
    proc.put({.pid = 22, .parent = 21, .own_mb = 1});
  }

  void happens(const Event& event) {
    const Decision decision = engine.handle(event, clock.now());
    REQUIRE(store.commit("r1", event, decision, engine.state(), clock.now(), 0));
  }

  void memory(std::int64_t available_kb) {
    proc.write("meminfo",
               fmt::format("MemTotal: 16000000 kB\nMemAvailable: {} kB\n", available_kb));
  }

  app::ResourceWatch watch() {
    return {loop,
            store,
            engine.state(),
            context,
            clock,
            [this](const Event& event) { take(event); },
            [this](const std::vector<machine::TreeRoot>& roots) {
              machine::Look look = machine::look_at(proc.path(), roots);
              look.at_ms = 10'000 + to_ms(clock.time);
              return look;
            }};
  }

  void take(const Event& event) {
    if (const auto* memory = std::get_if<MemorySeen>(&event)) posted.push_back(*memory);
    if (const auto* overload = std::get_if<AgentOverloads>(&event)) overloads.push_back(*overload);
    happens(event);
  }

  void look(app::ResourceWatch& watch, Span later = std::chrono::seconds(2)) {
    clock.time += later;
    watch.look();
    loop.run();
  }
};

}  // namespace

TEST_CASE("what each agent uses is noted at every look, and nothing is posted") {
  Desk its;
  app::ResourceWatch watch = its.watch();
  its.look(watch);
  std::vector<AgentResources> used = its.store.usage("r1").value();
  REQUIRE(used.size() == 2);
  CHECK(used[0].task == TaskId{"A"});
  CHECK(used[0].usage.memory == 3 << 20);
  CHECK(used[1].usage.memory == 8 << 20);
  CHECK(used[1].usage.processes == 2);
  CHECK(its.posted.empty());

  its.proc.put({.pid = 12, .parent = 11, .own_mb = 1});
  its.look(watch, std::chrono::seconds(1));  // too early
  CHECK(its.store.usage("r1").value() == used);
  its.look(watch, std::chrono::seconds(1));
  CHECK(its.store.usage("r1").value()[0].usage.processes == 2);
}

TEST_CASE(
    "of who is gone nothing new is noted, and who has the number by now is not taken for it") {
  Desk its;
  app::ResourceWatch watch = its.watch();
  its.look(watch);
  its.proc.put({.pid = 10, .start = 555});
  its.proc.remove(20);
  its.proc.put({.pid = 12, .parent = 11});
  its.look(watch);
  CHECK(its.store.usage("r1").value()[0].usage.processes == 1);
  CHECK(its.store.usage("r1").value()[1].usage.processes == 2);
}

TEST_CASE("that memory gets short is told once, with the biggest agent, and that it is over") {
  Desk its;
  its.context.config.limits.memory_free = 1'000'000'000;
  app::ResourceWatch watch = its.watch();
  its.look(watch);
  its.memory(500'000);
  its.look(watch);
  its.look(watch);
  REQUIRE(its.posted.size() == 1);
  CHECK(its.posted[0] == MemorySeen{true, 512'000'000, TaskId{"B"}, 8 << 20, 2});

  its.proc.remove(20);  // the one that was named is gone
  for (int look = 0; look < 6; ++look)
    its.look(watch);
  REQUIRE(its.posted.size() == 2);
  CHECK(its.posted[1] == MemorySeen{true, 512'000'000, TaskId{"A"}, 3 << 20, 1});

  its.proc.put({.pid = 11, .parent = 10, .own_mb = 4});
  for (int look = 0; look < 6; ++look)
    its.look(watch);
  CHECK(its.posted.size() == 2);  // about as much
  its.proc.put({.pid = 11, .parent = 10, .own_mb = 300});
  for (int look = 0; look < 20; ++look)
    its.look(watch);
  REQUIRE(its.posted.size() == 3);
  CHECK(its.posted[2].memory == 300 << 20);

  // Another supervisor: what is known stays known, until there was enough for ten seconds.
  app::ResourceWatch next = its.watch();
  its.look(next);
  its.memory(8'000'000);
  for (int look = 0; look < 5; ++look)
    its.look(next);
  CHECK(its.posted.size() == 3);
  its.look(next);
  REQUIRE(its.posted.size() == 4);
  CHECK_FALSE(its.posted[3].is_short);
}

TEST_CASE("who takes the machine from another agent is told of once") {
  Desk its;
  const auto each_look = static_cast<std::uint64_t>(200 * ::sysconf(_SC_NPROCESSORS_ONLN));
  auto watch = std::make_unique<app::ResourceWatch>(its.watch());
  std::uint64_t ticks = 0;
  const auto minute = [&] {
    for (int look = 0; look < 32; ++look) {
      ticks += each_look;
      its.proc.put({.pid = 11, .parent = 10, .own_ticks = ticks, .state = 'R'});
      its.proc.put({.pid = 21, .parent = 20, .state = 'R'});
      its.look(*watch);
    }
  };
  minute();
  REQUIRE(its.overloads.size() == 1);
  CHECK(its.overloads[0] == AgentOverloads{TaskId{"A"}, 1, 100, {TaskId{"B"}}});
  minute();
  watch = std::make_unique<app::ResourceWatch>(its.watch());
  minute();
  CHECK(its.overloads.size() == 1);
}

TEST_CASE("without agents the machine is looked at all the same, without a word of it nothing is") {
  Desk its;
  its.proc.remove(10);
  its.proc.remove(20);
  its.memory(1'000);
  app::ResourceWatch watch = its.watch();
  its.look(watch);
  REQUIRE(its.posted.size() == 1);
  CHECK(its.posted[0] == MemorySeen{.is_short = true, .available = 1'024'000});
  its.proc.write("meminfo", "");
  its.look(watch);
  CHECK(its.posted.size() == 1);
}
