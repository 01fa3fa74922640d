#include "orch/base/process_tree.hpp"

#include "catch.hpp"

using namespace orch;

namespace {

ProcessStat process(pid_t pid, pid_t parent) {
  return {.pid = pid, .parent = parent};
}

std::vector<pid_t> pids(const std::vector<ProcessStat>& processes) {
  std::vector<pid_t> found;
  for (const ProcessStat& one : processes)
    found.push_back(one.pid);
  return found;
}

}  // namespace

TEST_CASE("of one table each process finds its own descendants, parents first") {
  const ProcessTree tree({process(5, 4), process(4, 2), process(2, 1), process(3, 1)});
  CHECK(pids(tree.below(2)) == std::vector<pid_t>{4, 5});
  CHECK(pids(tree.below(4)) == std::vector<pid_t>{5});
  CHECK(tree.below(3).empty());
  CHECK(tree.below(99).empty());
}

TEST_CASE("a circle of processes, read while numbers change, ends") {
  const ProcessTree tree({process(2, 3), process(3, 2)});
  CHECK(pids(tree.below(2)) == std::vector<pid_t>{3});
}
