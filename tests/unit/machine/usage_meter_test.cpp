// What agents use, from one look to the next. A tick is 10 ms; the first look is 10 s after boot.
#include "machine/usage_meter.hpp"

#include "catch.hpp"

using namespace orch;
using namespace orch::machine;

namespace {

struct Used {
  pid_t pid = 0;
  std::uint64_t own = 0;
  std::uint64_t children = 0;
  std::uint64_t start = 600;
};

Tree tree_of(const std::vector<Used>& processes, std::uint64_t reaped = 0) {
  Tree tree;
  tree.root = {.pid = 10, .own_ticks = 77, .children_ticks = reaped, .start_ticks = 500};
  for (const Used& one : processes) {
    tree.processes.push_back({{.pid = one.pid,
                               .own_ticks = one.own,
                               .children_ticks = one.children,
                               .start_ticks = one.start},
                              {}});
  }
  return tree;
}

struct Meter {
  UsageMeter meter{100};

  double cpu(std::int64_t at_ms, const Tree& tree) {
    return meter.measure({{"A", tree}}, at_ms).at("A").cpu;
  }
};

}  // namespace

TEST_CASE("processors are what a tree has had of them since the last look") {
  Meter its;
  its.cpu(10'000, tree_of({{11, 100}, {12, 50}}));
  CHECK(its.cpu(12'000, tree_of({{11, 300}, {12, 50}})) == 1.0);
  CHECK(its.cpu(14'000, tree_of({{11, 500}, {12, 250}})) == 2.0);
  CHECK(its.cpu(16'000, tree_of({{11, 500}, {12, 251}})) == 0.01);
  CHECK(its.cpu(18'000, tree_of({{11, 500}, {12, 251}})) == 0);
}

TEST_CASE("at its first look they are what it has had since it began") {
  Meter its;
  CHECK(its.cpu(10'000, tree_of({{11, 250}})) == 0.5);
  CHECK(Meter().cpu(5'000, tree_of({})) == 0);
}

TEST_CASE("what ended between two looks counts in who waited for it") {
  Meter its;
  its.cpu(10'000, tree_of({{11}, {12, 40}}));
  SECTION("its parent, which lives") {
    CHECK(its.cpu(12'000, tree_of({{11, 0, 140}})) == 0.5);
  }
  SECTION("the shim, as its parent had ended before") {
    CHECK(its.cpu(12'000, tree_of({{11}}, 140)) == 0.5);
  }
  SECTION("many short ones, none of which was ever seen") {
    CHECK(its.cpu(12'000, tree_of({{11, 0, 400}, {12, 40}})) == 2.0);
  }
  SECTION("nobody") {
    CHECK(its.cpu(12'000, tree_of({{11, 20}})) == 0);
    CHECK(its.cpu(14'000, tree_of({{11, 120}})) == 0.5);
  }
}

TEST_CASE("a process that began since counts whole, one that was missed not at once") {
  Meter its;
  its.cpu(10'000, tree_of({{11}}));
  CHECK(its.cpu(12'000, tree_of({{11}, {12, 100, 0, 1'050}})) == 0.5);
  CHECK(its.cpu(14'000, tree_of({{11}})) == 0);
  CHECK(its.cpu(16'000, tree_of({{11}, {12, 300, 0, 1'050}})) == 0);
  CHECK(its.cpu(18'000, tree_of({{11}, {12, 400, 0, 1'050}})) == 0.5);
}

TEST_CASE("a machine that was asleep, and a clock that stands still, make nobody busy") {
  Meter its;
  its.cpu(10'000, tree_of({{11, 100}}));
  CHECK(its.cpu(3'610'000, tree_of({{11, 300}})) == 0);
  CHECK(its.cpu(3'610'000, tree_of({{11, 500}})) == 0);
}

TEST_CASE("what is shared counts once") {
  Tree tree = tree_of({{11}, {12}, {13}});
  tree.processes[0].memory = {100, 40};
  tree.processes[1].memory = {10, 50};
  tree.processes[2].memory = {1, 50};
  CHECK(memory_of(tree) == 161);
  CHECK(memory_of(tree_of({})) == 0);
}

TEST_CASE("agents come and go") {
  UsageMeter meter(100);
  meter.measure({{"A", tree_of({{11}})}}, 10'000);
  const auto both =
      meter.measure({{"A", tree_of({{11, 100}})}, {"B", tree_of({{21}, {22}})}}, 12'000);
  CHECK(both.at("A").cpu == 0.5);
  CHECK(both.at("B").processes == 2);
  CHECK(meter.measure({{"B", tree_of({{21}})}}, 14'000).size() == 1);
  CHECK(meter.measure({}, 16'000).empty());
}
