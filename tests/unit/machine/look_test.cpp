// One look at a folder like /proc.
#include "machine/look.hpp"

#include "catch.hpp"
#include "fake/fake_proc.hpp"

using namespace orch;
using namespace orch::machine;
using namespace orch::test;

TEST_CASE("one look has the memory of agents' processes") {
  FakeProc proc;
  proc.put({.pid = 10});
  proc.put({.pid = 11, .parent = 10, .own_mb = 5, .shared_mb = 2});
  proc.put({.pid = 12, .own_mb = 7});
  const Look look = look_at(proc.path(), {{"A", 10, 100}});
  const std::vector<TreeProcess>& found = look.trees.at("A").processes;
  REQUIRE(found.size() == 1);
  CHECK(found[0].stat.pid == 11);
  CHECK(found[0].memory == ProcessMemory{5 << 20, 2 << 20});
  CHECK(look.at_ms > 0);
  CHECK_FALSE(look.memory);
}

TEST_CASE("without an agent only the machine is looked at") {
  FakeProc proc;
  proc.put({.pid = 10});
  proc.write("meminfo", "MemTotal: 1000 kB\nMemAvailable: 200 kB\n");
  const Look look = look_at(proc.path(), {});
  CHECK(look.trees.empty());
  REQUIRE(look.memory);
  CHECK(look.memory->available == 204'800);
}
