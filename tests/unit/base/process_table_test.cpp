#include "orch/base/process_table.hpp"

#include "catch.hpp"
#include "fake/fake_proc.hpp"
#include "orch/base/process.hpp"

#include <unistd.h>

#include <algorithm>

using namespace orch;
using namespace orch::test;

namespace {

std::vector<pid_t> pids(std::vector<ProcessStat> all) {
  std::ranges::sort(all, {}, &ProcessStat::pid);
  std::vector<pid_t> found;
  for (const ProcessStat& process : all)
    found.push_back(process.pid);
  return found;
}

}  // namespace

TEST_CASE("what the kernel says of a process is read, whatever its name is") {
  for (const char* name : {"sh", "", "a b", "x) R 1 1", "(", ")"}) {
    INFO(name);
    FakeProc proc;
    proc.put(
        {.pid = 7, .parent = 3, .start = 99, .own_ticks = 5, .children_ticks = 6, .name = name});
    const std::vector<ProcessStat> all = read_processes(proc.path());
    REQUIRE(all.size() == 1);
    CHECK(all[0] == ProcessStat{7, 'S', 3, 5, 6, 99});
  }
}

TEST_CASE("a text that is cut, or another one, is no process") {
  const std::string whole = "7 (sh) S 3 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 99 5";
  REQUIRE(parse_process_stat(7, whole));
  for (std::size_t size = 0; size < whole.size() - 5; ++size) {
    INFO(size);
    CHECK_FALSE(parse_process_stat(7, whole.substr(0, size)));
  }
  CHECK_FALSE(parse_process_stat(7, "7 (sh) S x 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 99 5"));
  CHECK_FALSE(parse_process_stat(7, "7 (sh) S 3 1 1 0 -1 4194560 1 2 3 4 -5 6 7 8 20 0 1 0 99 5"));
}

TEST_CASE("only what lives is in the table, and no more than asked for") {
  FakeProc proc;
  proc.put({.pid = 1, .parent = 0});
  proc.put({.pid = 2, .state = 'Z'});
  proc.put({.pid = 3, .state = 'R'});
  proc.write("4/status", "it has just ended");
  proc.write("self/stat", "not a number");
  proc.write("meminfo", "MemTotal: 1 kB\n");
  CHECK(pids(read_processes(proc.path())) == std::vector<pid_t>{1, 3});
  CHECK(read_processes(proc.path(), 1).size() == 1);
  CHECK(read_processes(proc.path() / "none").empty());
}

TEST_CASE("memory of its own is told from what others may have as well") {
  FakeProc proc;
  proc.put({.pid = 7, .own_mb = 30, .shared_mb = 12});
  CHECK(read_memory(proc.path(), 7) == ProcessMemory{30 << 20, 12 << 20});
  CHECK(read_memory(proc.path(), 8) == ProcessMemory{});
}

TEST_CASE("this process is in the real table") {
  const std::vector<ProcessStat> all = read_processes("/proc");
  const auto self = std::ranges::find(all, ::getpid(), &ProcessStat::pid);
  REQUIRE(self != all.end());
  CHECK(self->parent == ::getppid());
  CHECK(self->start_ticks == identify(::getpid()).start_ticks);
  CHECK(self->is_running());
  CHECK(read_memory("/proc", ::getpid()).own > 0);
}
