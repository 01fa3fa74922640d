// When memory is short, and when it is enough again.
#include "machine/memory.hpp"

#include "catch.hpp"
#include "fake/fake_proc.hpp"

using namespace orch;
using namespace orch::machine;
using namespace orch::test;

namespace {

constexpr std::int64_t kGB = 1'000'000'000;

std::string meminfo(std::int64_t total_kb, std::int64_t available_kb) {
  return fmt::format("MemTotal:  {:>12} kB\nMemFree:  7 kB\nMemAvailable: {:>9} kB\nCached: 1 kB\n",
                     total_kb, available_kb);
}

struct Judge {
  MemoryJudge judge;
  std::int64_t at_ms = 0;

  explicit Judge(MemoryLimits limits, bool is_short = false) : judge(limits, is_short) {}

  /// Two seconds later.
  bool is_short(std::int64_t available, double waited = 0) {
    at_ms += 2'000;
    return judge.is_short({16 * kGB, available, waited}, at_ms);
  }
};

}  // namespace

TEST_CASE("the kernel's words for memory are read") {
  FakeProc proc;
  CHECK_FALSE(read_machine_memory(proc.path()));
  proc.write("meminfo", meminfo(1'000, 200));
  CHECK(read_machine_memory(proc.path()) == MachineMemory{1'024'000, 204'800, 0});
  proc.write("pressure/memory",
             "some avg10=12.50 avg60=1.00 avg300=0.10 total=9\nfull avg10=0.00 avg60=0.00\n");
  CHECK(read_machine_memory(proc.path()) == MachineMemory{1'024'000, 204'800, 12.5});
  proc.write("pressure/memory", "");
  CHECK(read_machine_memory(proc.path()) == MachineMemory{1'024'000, 204'800, 0});
  proc.write("meminfo", "MemTotal: 1000 kB\nMemAvailable: lots\n");
  CHECK_FALSE(read_machine_memory(proc.path()));
}

TEST_CASE("a pressure is a share, and anything else is none") {
  CHECK(parse_pressure("some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n") == 0.0);
  CHECK(parse_pressure("some avg10=99.99 avg60=1") == 99.99);
  for (const char* text : {"", "some", "some avg10=", "some avg10= avg60=1", "full avg10=1.00 a",
                           "some avg10=x avg60=1", "some avg10=-1 a", "some avg10=101 a",
                           "some avg10=nan a", "some avg10=inf a"}) {
    INFO(text);
    CHECK_FALSE(parse_pressure(text));
  }
}

TEST_CASE("memory is short when less is available than asked for") {
  Judge its({.free_bytes = 3 * kGB});
  CHECK_FALSE(its.is_short(3 * kGB));
  CHECK(its.is_short(3 * kGB - 1));
}

TEST_CASE("where nothing is asked for it is two gigabytes, or a fifth on a small machine") {
  MemoryJudge large({}, false);
  CHECK_FALSE(large.is_short({64 * kGB, 2 * kGB, 0}, 0));
  CHECK(large.is_short({64 * kGB, 2 * kGB - 1, 0}, 0));
  MemoryJudge small({}, false);
  CHECK_FALSE(small.is_short({5 * kGB, kGB, 0}, 0));
  CHECK(small.is_short({5 * kGB, kGB - 1, 0}, 0));
}

TEST_CASE("it is enough again when there was clearly more for ten seconds") {
  Judge its({.free_bytes = 4 * kGB});
  CHECK(its.is_short(3 * kGB));
  CHECK(its.is_short(4 * kGB));
  for (int look = 0; look < 10; ++look)
    CHECK(its.is_short(4 * kGB + kGB / 2));  // not clearly
  for (int look = 0; look < 5; ++look)
    CHECK(its.is_short(5 * kGB));
  CHECK(its.is_short(4 * kGB));  // begins anew
  for (int look = 0; look < 5; ++look)
    CHECK(its.is_short(5 * kGB));
  CHECK_FALSE(its.is_short(5 * kGB));
  CHECK_FALSE(its.is_short(4 * kGB));
}

TEST_CASE("it is short as well while programs wait for it, unless that is not to matter") {
  Judge its({.free_bytes = kGB, .pressure = 10});
  CHECK_FALSE(its.is_short(9 * kGB, 10));
  CHECK(its.is_short(9 * kGB, 10.01));
  for (int look = 0; look < 10; ++look)
    CHECK(its.is_short(9 * kGB, 5));
  for (int look = 0; look < 5; ++look)
    CHECK(its.is_short(9 * kGB, 4.9));
  CHECK_FALSE(its.is_short(9 * kGB, 0));
  Judge other({.free_bytes = kGB, .pressure = 0});
  CHECK_FALSE(other.is_short(9 * kGB, 100));
}

TEST_CASE("what an earlier judge has left stands until it is enough") {
  Judge its({.free_bytes = kGB}, true);
  CHECK(its.is_short(9 * kGB));
  for (int look = 0; look < 4; ++look)
    CHECK(its.is_short(9 * kGB));
  CHECK_FALSE(its.is_short(9 * kGB));
}
