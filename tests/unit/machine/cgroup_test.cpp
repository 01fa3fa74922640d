// What the control groups that we are in leave us of memory.
#include "machine/cgroup.hpp"

#include "catch.hpp"
#include "fake/fake_proc.hpp"
#include "machine/memory.hpp"

using namespace orch;
using namespace orch::machine;
using namespace orch::test;

namespace {

std::optional<CgroupMemory> read(const FakeProc& proc) {
  return read_cgroup_memory(proc.path(), proc.path() / "groups");
}

}  // namespace

TEST_CASE("the group that leaves the least decides, wherever it is above us") {
  FakeProc proc;
  CHECK_FALSE(read(proc));
  proc.write("self/cgroup", "0::/user.slice/job\n");
  CHECK_FALSE(read(proc));
  proc.write("groups/user.slice/job/memory.max", "max\n");
  proc.write("groups/user.slice/job/memory.current", "100\n");
  CHECK_FALSE(read(proc));
  proc.write("groups/user.slice/memory.max", "1000\n");
  proc.write("groups/user.slice/memory.current", "800\n");
  CHECK(read(proc) == CgroupMemory{1000, 800});
  proc.write("groups/user.slice/memory.stat", "anon 5\ninactive_file 300\nactive_file 7\n");
  CHECK(read(proc) == CgroupMemory{1000, 500});
  proc.write("groups/user.slice/job/memory.max", "700\n");
  CHECK(read(proc) == CgroupMemory{1000, 500});
  proc.write("groups/user.slice/job/memory.max", "400\n");
  CHECK(read(proc) == CgroupMemory{400, 100});
}

TEST_CASE("groups of version 1 are read as well, and a container's path that is not there") {
  FakeProc proc;
  proc.write("self/cgroup", "5:devices:/x\n4:memory:/docker/abc\n0::/\n");
  proc.write("groups/memory/memory.limit_in_bytes", "9223372036854771712\n");
  proc.write("groups/memory/memory.usage_in_bytes", "50\n");
  CHECK_FALSE(read(proc));
  proc.write("groups/memory/memory.limit_in_bytes", "1000\n");
  proc.write("groups/memory/memory.stat", "inactive_file 1\ntotal_inactive_file 20\n");
  CHECK(read(proc) == CgroupMemory{1000, 30});
}

TEST_CASE("what is no number is no limit") {
  FakeProc proc;
  proc.write("self/cgroup", "nonsense\n0::/../..\n0::\n");
  proc.write("groups/memory.max", "-5\n");
  proc.write("groups/memory.current", "1\n");
  CHECK_FALSE(read(proc));
}

TEST_CASE("the memory of the machine is no more than its groups leave us") {
  FakeProc proc;
  proc.write("meminfo", "MemTotal: 1000 kB\nMemAvailable: 800 kB\n");
  proc.write("self/cgroup", "0::/\n");
  proc.write("groups/memory.max", "512000\n");
  proc.write("groups/memory.current", "112000\n");
  CHECK(read_machine_memory(proc.path(), proc.path() / "groups") ==
        MachineMemory{512'000, 400'000, 0});
}
