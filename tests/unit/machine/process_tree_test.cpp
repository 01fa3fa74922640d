// Which processes are whose.
#include "machine/process_tree.hpp"

#include "catch.hpp"

#include <algorithm>

using namespace orch;
using namespace orch::machine;

namespace {

std::vector<pid_t> pids(const Trees& trees, const std::string& key) {
  std::vector<pid_t> found;
  const auto tree = trees.find(key);
  if (tree == trees.end()) return {-1};
  for (const TreeProcess& process : tree->second.processes)
    found.push_back(process.stat.pid);
  std::ranges::sort(found);
  return found;
}

ProcessStat process(pid_t pid, pid_t parent, std::uint64_t start = 100) {
  return {.pid = pid, .state = 'S', .parent = parent, .start_ticks = start};
}

}  // namespace

TEST_CASE("an agent's processes are those below its shim, at any depth") {
  const std::vector<ProcessStat> all = {process(1, 0),   process(10, 1), process(11, 10),
                                        process(12, 11), process(20, 1), process(21, 20),
                                        process(13, 12), process(99, 1)};
  const Trees trees = find_trees(all, {{"A", 10, 100}, {"B", 20, 100}});
  CHECK(pids(trees, "A") == std::vector<pid_t>{11, 12, 13});
  CHECK(pids(trees, "B") == std::vector<pid_t>{21});
}

TEST_CASE("a shim that is gone has no tree, and who has its number by now is not taken for it") {
  const std::vector<ProcessStat> all = {process(1, 0), process(10, 1, 555), process(11, 10)};
  CHECK(find_trees(all, {{"A", 10, 100}, {"B", 20, 100}}).empty());
  CHECK(find_trees({}, {{"A", 10, 100}}).empty());
}

TEST_CASE("a process is in one tree, the nearest one") {
  const std::vector<ProcessStat> all = {process(10, 1), process(11, 10), process(20, 11),
                                        process(21, 20)};
  const Trees trees = find_trees(all, {{"A", 10, 100}, {"B", 20, 100}, {"C", 20, 100}});
  CHECK(pids(trees, "A") == std::vector<pid_t>{11});
  CHECK(pids(trees, "B") == std::vector<pid_t>{21});
  CHECK_FALSE(trees.contains("C"));
}

TEST_CASE("a circle, read while numbers changed hands, ends") {
  const std::vector<ProcessStat> all = {process(10, 12), process(11, 10), process(12, 11)};
  CHECK(pids(find_trees(all, {{"A", 10, 100}}), "A") == std::vector<pid_t>{11, 12});
}

TEST_CASE("a fork bomb is looked at once, however wide and deep") {
  std::vector<ProcessStat> all = {process(10, 1)};
  for (pid_t pid = 11; pid < 20'000; ++pid)
    all.push_back(process(pid, pid % 2 == 0 ? 10 : pid - 1));
  CHECK(pids(find_trees(all, {{"A", 10, 100}}), "A").size() == 19'989);
}
